use super::*;

#[test]
fn what_is_written_is_read_again() {
    for choice in [
        Choice::Native,
        Choice::Libtorch(Device::Cpu),
        Choice::Libtorch(Device::Cuda(3)),
    ] {
        let text = serde_json::to_string(&BackendChoice(choice)).unwrap();
        assert_eq!(
            serde_json::from_str::<BackendChoice>(&text).unwrap(),
            BackendChoice(choice),
            "{text}"
        );
    }
}

#[test]
fn what_no_backend_is_called_is_refused() {
    for (backend, device, wanted) in [
        ("torch", "cpu", "`native` and `libtorch`"),
        ("libtorch", "gpu", "`cuda:N`"),
        ("native", "cuda", "on the processor alone"),
    ] {
        let text = format!(r#"{{"backend": "{backend}", "device": "{device}"}}"#);
        let refused = serde_json::from_str::<BackendChoice>(&text)
            .unwrap_err()
            .to_string();
        assert!(refused.contains(wanted), "{refused}");
    }
}

#[test]
fn only_the_usual_backend_goes_without_saying() {
    assert_eq!(BackendChoice::default().settings(), None);
    let settings = BackendChoice(Choice::Libtorch(Device::Cuda(1)))
        .settings()
        .unwrap();
    assert_eq!(settings, "backend = \"libtorch\"\ndevice = \"cuda:1\"\n");
}

#[test]
fn fingerprints_are_of_each_backend_once() {
    let native = fingerprints([BackendChoice::default(), BackendChoice::default()].into_iter()).unwrap();
    assert!(native.starts_with("native") && !native.contains(';'), "{native}");
    let far = fingerprints([BackendChoice(Choice::Libtorch(Device::Cuda(4096)))].into_iter());
    assert!(far.is_err());
}
