use super::{Executor, SlurmArgs, is_time};

#[test]
fn times_are_read_as_slurm_reads_them() {
    for good in ["90", "90:30", "12:00:00", "2-0", "2-12:30", "2-12:30:00"] {
        assert!(is_time(good), "{good}");
    }
    for bad in [
        "",
        "soon",
        "1h",
        "1:2:3:4",
        "-1",
        "1-",
        "1--2",
        "1: 2",
        "1-2-3",
        "9999999999",
    ] {
        assert!(!is_time(bad), "{bad}");
    }
}

#[test]
fn options_about_a_cluster_need_one() {
    let local = SlurmArgs {
        partition: Some("gpu".into()),
        ..SlurmArgs::default()
    };
    assert_eq!(
        local.check().unwrap_err().to_string(),
        "`--partition` is about a cluster: it needs `--executor slurm`"
    );
    let slurm = SlurmArgs {
        executor: Executor::Slurm,
        time: Some("2-12".into()),
        ..local
    };
    assert!(slurm.check().is_ok());
}
