//! Full and read-only disks, missing home folders: one message that names the file, and intact files
//! stay intact.

use crate::place::{Place, SUITE, said};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small file system of its own below a folder; gone with the test.
struct Disk(PathBuf);

impl Disk {
    /// Of `size` bytes; `None`, with a word on standard error, where this process may not mount one.
    fn mount(folder: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let options = format!("size={size}");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder)
            .output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder.into()));
        }
        eprintln!("full disk: not tested, no file system can be mounted here");
        None
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let done = Command::new("mount").args(["-o", &options]).arg(&self.0).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_costs_rows_and_is_gone_on_from() {
    let place = Place::with(SUITE);
    let Some(disk) = Disk::mount(&place.path().join("results"), "48k") else {
        return;
    };
    let output = place.bench(&[]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("No space left on device"), "{words}");
    assert!(!words.contains("panicked"), "{words}");
    disk.remount("size=10m");
    let output = place.bench(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let roomy = Place::with(SUITE);
    assert!(roomy.bench(&[]).status.success());
    assert_eq!(place.records(), roomy.records());
}

#[test]
fn results_that_cannot_be_written_are_named() {
    let place = Place::with(SUITE);
    let Some(disk) = Disk::mount(&place.path().join("results"), "10m") else {
        return;
    };
    assert!(place.bench(&["--only", "fixed"]).status.success());
    let before = place.records();
    disk.remount("ro");
    let output = place.bench(&[]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(
        words.contains("results/tiny") && words.contains("Read-only file system"),
        "{words}"
    );
    assert_eq!(
        words.lines().filter(|line| line.starts_with("error: ")).count(),
        1,
        "{words}"
    );
    assert_eq!(place.records(), before);
    // Everything that only reads still works.
    let status = place.bench(&["--status"]);
    assert_eq!(status.status.code(), Some(3), "{}", said(&status));
    assert!(place.bench(&["--dry-run"]).status.success());
}

#[test]
fn a_home_that_is_not_there_is_no_obstacle_with_a_cache_elsewhere() {
    let place = Place::with(SUITE);
    let at_home = |cache: Option<&str>| {
        let mut command = place.command(&["bench", "./tiny.toml", "--only", "fixed"]);
        command
            .env("HOME", "/proc/nowhere")
            .env_remove("XDG_CACHE_HOME")
            .env_remove("XDG_DATA_HOME");
        match cache {
            Some(cache) => command.env("DENTATE_CACHE", place.path().join(cache)),
            None => command.env_remove("DENTATE_CACHE"),
        };
        command.output().unwrap()
    };
    let without = at_home(None);
    let words = said(&without);
    assert_eq!(without.status.code(), Some(1), "{words}");
    assert!(
        words.contains("/proc/nowhere") && words.contains("set DENTATE_CACHE to a folder"),
        "{words}"
    );
    let with = at_home(Some("cache"));
    assert!(with.status.success(), "{}", said(&with));
}

#[test]
fn a_results_folder_that_is_a_file_is_named() {
    let place = Place::with(SUITE);
    std::fs::write(place.path().join("results"), "a note").unwrap();
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("cannot create") && said(&output).contains("results/tiny"),
        "{}",
        said(&output)
    );
}
