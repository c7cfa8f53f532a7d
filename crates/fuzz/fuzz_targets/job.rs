#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dentate_fuzz::withstand(&dentate_experiments::fuzzing::READERS, "job", bytes));
