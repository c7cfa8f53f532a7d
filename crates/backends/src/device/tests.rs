use super::*;

#[test]
fn devices_have_one_name_each() {
    for (word, device, name) in [
        ("cpu", Device::Cpu, "cpu"),
        ("cuda", Device::Cuda(0), "cuda:0"),
        ("cuda:0", Device::Cuda(0), "cuda:0"),
        ("cuda:12", Device::Cuda(12), "cuda:12"),
    ] {
        assert_eq!(word.parse(), Ok(device), "{word}");
        assert_eq!(device.to_string(), name);
        assert_eq!(name.parse(), Ok(device));
    }
}

#[test]
fn other_words_are_refused_with_the_choices() {
    for word in [
        "",
        "gpu",
        "CPU",
        "cuda:",
        "cuda:x",
        "cuda:-1",
        "cuda:+1",
        "cuda:01",
        "cuda:99999999999999999999999",
    ] {
        let refused = word.parse::<Device>().unwrap_err().to_string();
        assert!(refused.contains("`cpu`, `cuda` and `cuda:N`"), "{refused}");
    }
}
