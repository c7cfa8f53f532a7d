//! The laws that every mechanism keeps, of one that only looks on.

use dentate_calibration_meter::CalibrationMeter;

dentate::testkit::conformance_mechanism!(observes; CalibrationMeter::default());
