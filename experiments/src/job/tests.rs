use super::*;
use dentate_backends::{Choice, Device};

const SUITE: &str = r#"
[[stream]]
name = "drawn"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits" }
[[method]]
name = "fixed"
"#;

fn job(computing: Computing) -> Job {
    let mut suite = Suite::parse(Path::new("s.toml"), SUITE).unwrap();
    suite.compute_with(computing);
    let (method, stream) = suite.pairs().next().unwrap();
    Job::new(&suite, method, stream, 1, "data", &DataEnv::default()).unwrap()
}

#[test]
fn each_backend_and_device_makes_runs_of_its_own() {
    let choices = [
        Choice::Native,
        Choice::Libtorch(Device::Cpu),
        Choice::Libtorch(Device::Cuda(0)),
    ];
    let ids: BTreeSet<String> = choices.map(|choice| job(Computing(choice)).id).into();
    assert_eq!(ids.len(), 3);
    assert!(ids.contains(&job(Computing::default()).id));
}

#[test]
fn a_job_keeps_its_backend_and_one_of_before_was_native() {
    let far = Computing(Choice::Libtorch(Device::Cuda(2)));
    let text = serde_json::to_string(&job(far)).unwrap();
    let read = |text: &str| Job::from_bytes(text.as_bytes(), Path::new("job.json")).unwrap();
    assert_eq!(read(&text).computing, far);
    let mut before: serde_json::Value = serde_json::from_str(&text).unwrap();
    before.as_object_mut().unwrap().remove("computing").unwrap();
    assert_eq!(read(&before.to_string()).computing, Computing::default());
}
