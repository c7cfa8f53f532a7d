use super::*;

#[test]
fn names_and_devices_make_a_choice() {
    assert_eq!(Choice::new("native", None), Ok(Choice::Native));
    assert_eq!(Choice::new("native", Some(Device::Cpu)), Ok(Choice::Native));
    let gpu = Device::Cuda(1);
    assert_eq!(Choice::new("native", Some(gpu)), Err(ChoiceError::Device(gpu)));
    assert_eq!(Choice::new("libtorch", None), Ok(Choice::Libtorch(Device::Cpu)));
    assert_eq!(Choice::new("libtorch", Some(gpu)), Ok(Choice::Libtorch(gpu)));
    let refused = Choice::new("torch", None).unwrap_err().to_string();
    assert!(refused.contains("`native` and `libtorch`"), "{refused}");
}

#[test]
fn a_choice_makes_the_backend_that_it_names() {
    assert_eq!(
        Choice::Native.ready().unwrap().make().name(),
        Choice::Native.name()
    );
    let libtorch = Choice::Libtorch(Device::Cpu);
    match libtorch.ready() {
        Ok(ready) => assert_eq!(ready.make().name(), libtorch.name()),
        Err(why) => assert!(!cfg!(feature = "libtorch") && why == ChoiceError::Absent, "{why}"),
    }
}

#[test]
fn a_device_that_is_not_there_is_refused() {
    let far = Choice::Libtorch(Device::Cuda(4096));
    let refused = far.ready().err().unwrap();
    let right = match refused {
        ChoiceError::Unavailable(absent) => cfg!(feature = "libtorch") && absent.device == far.device(),
        ChoiceError::Absent => !cfg!(feature = "libtorch"),
        _ => false,
    };
    assert!(right);
}
