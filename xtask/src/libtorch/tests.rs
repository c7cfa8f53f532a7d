use super::error::LibtorchError;
use super::provide::{provide_of, told};
use super::wheel::{self, WHEELS, Wheel};
use super::*;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::fs::{self, File};
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use zip::write::{FileOptions, ZipWriter};

const HEADER: &str =
    "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 11\n#define TORCH_VERSION_PATCH 0\n";
const LIBRARY: &str = "torch/lib/libtorch_cpu.so";

/// A cache, and two small wheels that contain the needed files and others.
struct Scene {
    place: PathBuf,
    wheels: [Wheel; 2],
}

impl Scene {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let place = std::env::temp_dir().join(format!("xtask-libtorch-{}-{number}", std::process::id()));
        fs::create_dir_all(place.join("index")).unwrap();
        let header = "torch/include/torch/headeronly/version.h";
        let members = [
            (header, HEADER),
            (LIBRARY, "code"),
            ("torch/nn/modules.py", "no use"),
        ];
        let main = Self::archive(&place, "main.whl", &members);
        let extra = Self::archive(&place, "extra.whl", &[("cuda/lib/libcudart.so.13", "more code")]);
        let wheels = [
            Wheel {
                requirement: "main==1",
                file: "main.whl",
                sha256: main,
                needed: &[("torch/include/", "include/"), (LIBRARY, "lib/libtorch_cpu.so")],
            },
            Wheel {
                requirement: "extra==1",
                file: "extra.whl",
                sha256: extra,
                needed: &[("cuda/lib/libcudart.so.13", "lib/libcudart.so.13")],
            },
        ];
        Self { place, wheels }
    }

    /// Write a wheel into the index, and return its digest.
    fn archive(place: &Path, name: &str, members: &[(&str, &str)]) -> &'static str {
        let path = place.join("index").join(name);
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        for (name, text) in members {
            zip.start_file(*name, FileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        let digest = Sha256::digest(fs::read(&path).unwrap());
        // Digests of wheels are static in the program.
        digest
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
            .leak()
    }

    fn cache(&self) -> PathBuf {
        self.place.join("cache")
    }

    fn part(&self) -> PathBuf {
        self.cache().join(format!("libtorch-{VERSION}.part"))
    }

    fn index(&self, name: &str) -> PathBuf {
        self.place.join("index").join(name)
    }

    fn provide(
        &self,
        fetch: &mut dyn FnMut(&Wheel, &Path) -> Result<(), LibtorchError>,
    ) -> Result<Libtorch, LibtorchError> {
        provide_of(&self.wheels, &self.cache(), &[], fetch)
    }

    /// Copy a wheel as pip does.
    fn copy(&self, wheel: &Wheel, to: &Path) -> Result<(), LibtorchError> {
        fs::copy(self.index(wheel.file), to.join(wheel.file)).unwrap();
        Ok(())
    }

    /// Provide from the index, and return the number of wheels fetched.
    fn recovers(&self) -> u32 {
        let fetched = Cell::new(0);
        let libtorch = self.provide(&mut |wheel, to| {
            fetched.set(fetched.get() + 1);
            self.copy(wheel, to)
        });
        self.is_whole(&libtorch.unwrap());
        fetched.get()
    }

    fn is_whole(&self, libtorch: &Libtorch) {
        let root = &libtorch.root;
        assert_eq!(*root, self.cache().join(format!("libtorch-{VERSION}")));
        assert_eq!(
            fs::read_to_string(root.join("lib/libtorch_cpu.so")).unwrap(),
            "code"
        );
        assert_eq!(
            fs::read_to_string(root.join("lib/libcudart.so.13")).unwrap(),
            "more code"
        );
        assert!(!root.join("nn").exists() && !root.join("torch").exists());
        assert!(!self.part().exists());
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.place);
    }
}

fn nothing(_: &Wheel, _: &Path) -> Result<(), LibtorchError> {
    panic!("nothing has to be fetched")
}

#[test]
fn what_is_provided_once_is_there() {
    let scene = Scene::new();
    assert_eq!(scene.recovers(), 2);
    let again = scene.provide(&mut nothing).unwrap();
    scene.is_whole(&again);
}

#[test]
fn what_was_taken_away_is_provided_again() {
    let scene = Scene::new();
    scene.recovers();
    fs::remove_file(
        scene
            .cache()
            .join(format!("libtorch-{VERSION}/lib/libcudart.so.13")),
    )
    .unwrap();
    assert_eq!(scene.recovers(), 2);
}

#[test]
fn a_stop_while_fetching_loses_that_wheel_alone() {
    let scene = Scene::new();
    let stopped = scene.provide(&mut |wheel, to| match wheel.file {
        "main.whl" => scene.copy(wheel, to),
        file => {
            fs::write(to.join(file), "half of").unwrap();
            Err(LibtorchError::Interrupted)
        }
    });
    assert!(matches!(stopped, Err(LibtorchError::Interrupted)));
    assert!(scene.part().join("main.whl").is_file());
    assert_eq!(scene.recovers(), 1);
}

#[test]
fn a_kill_between_fetching_and_renaming_leaves_no_half_wheel_behind() {
    let scene = Scene::new();
    fs::create_dir_all(scene.part().join("incoming")).unwrap();
    fs::write(scene.part().join("incoming/main.whl"), "half of").unwrap();
    fs::write(scene.part().join("extra.whl"), "not what it was").unwrap();
    assert_eq!(scene.recovers(), 2);
}

#[test]
fn a_kill_while_unpacking_costs_the_unpacking() {
    let scene = Scene::new();
    let unpacked = scene.part().join("unpacked/lib");
    fs::create_dir_all(&unpacked).unwrap();
    fs::write(unpacked.join("libtorch_cpu.so"), "co").unwrap();
    fs::write(unpacked.join("left-over"), "").unwrap();
    for wheel in &scene.wheels {
        scene.copy(wheel, &scene.part()).unwrap();
    }
    assert_eq!(scene.recovers(), 0);
    assert!(
        !scene
            .cache()
            .join(format!("libtorch-{VERSION}/lib/left-over"))
            .exists()
    );
}

#[test]
fn wheels_that_are_given_are_not_fetched_and_stay() {
    let scene = Scene::new();
    let given = [scene.index("main.whl"), scene.index("extra.whl")];
    let libtorch = provide_of(&scene.wheels, &scene.cache(), &given, &mut nothing).unwrap();
    scene.is_whole(&libtorch);
    assert!(given.iter().all(|file| file.is_file()));
}

#[test]
fn a_wheel_of_another_digest_is_refused() {
    let scene = Scene::new();
    let refused = scene.provide(&mut |wheel, to| {
        fs::write(to.join(wheel.file), "something else").unwrap();
        Ok(())
    });
    let words = refused.unwrap_err().to_string();
    assert!(
        words.contains("SHA-256") && words.contains("fetch it anew"),
        "{words}"
    );
    assert_eq!(scene.recovers(), 2);
}

#[test]
fn a_wheel_that_lacks_what_is_needed_is_refused() {
    let scene = Scene::new();
    let mut wheels = scene.wheels;
    wheels[1].needed = &[("cuda/lib/libother.so", "lib/libother.so")];
    let refused = provide_of(&wheels, &scene.cache(), &[], &mut |wheel, to| {
        scene.copy(wheel, to)
    });
    let words = refused.unwrap_err().to_string();
    assert!(words.contains("it has no `cuda/lib/libother.so`"), "{words}");
    assert!(!scene.cache().join(format!("libtorch-{VERSION}")).exists());
}

#[test]
fn two_at_a_time_provide_one() {
    let scene = Scene::new();
    let fetched = AtomicU32::new(0);
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                let libtorch = scene.provide(&mut |wheel, to| {
                    fetched.fetch_add(1, Ordering::SeqCst);
                    scene.copy(wheel, to)
                });
                scene.is_whole(&libtorch.unwrap());
            });
        }
    });
    assert_eq!(fetched.into_inner(), 2);
}

#[test]
fn what_pip_says_is_understood() {
    let say = |words| told(words, &WHEELS[0], Path::new("/cache/part")).to_string();
    let full = say("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device");
    assert!(
        full.contains("/cache/part has no room") && full.contains("LIBTORCH"),
        "{full}"
    );
    let offline = say("NewConnectionError: Failed to establish a new connection: [Errno -3]");
    assert!(
        offline.contains("could not be reached") && offline.contains("--wheel"),
        "{offline}"
    );
    let silent = say("ERROR: Could not find a version that satisfies the requirement (from versions: none)");
    assert!(silent.contains("could not be reached"), "{silent}");
    let other = say("ERROR: No matching distribution found for torch==2.11.0");
    assert!(
        other.contains("what it said is above") && other.contains("--wheel"),
        "{other}"
    );
    let none = say("/usr/bin/python3: No module named pip");
    assert!(none.contains("install pip"), "{none}");
}

#[test]
fn other_files_than_the_wheels_are_refused_with_their_names() {
    let scene = Scene::new();
    let refused = wheel::files(&[scene.index("main.whl")]).unwrap_err();
    assert!(refused.is_usage());
    assert!(refused.to_string().contains(WHEELS[0].file), "{refused}");
    let folder = scene.place.join("index");
    fs::write(folder.join(WHEELS[1].file), "").unwrap();
    assert_eq!(
        wheel::files(std::slice::from_ref(&folder)).unwrap(),
        [folder.join(WHEELS[1].file)]
    );
}

#[test]
fn a_folder_is_known_by_what_it_holds() {
    let scene = Scene::new();
    scene.recovers();
    let root = scene.cache().join(format!("libtorch-{VERSION}"));
    assert_eq!(found::named(root.clone()).unwrap().root, root);
    let older = HEADER.replace("MINOR 11", "MINOR 9");
    fs::write(root.join("include/torch/headeronly/version.h"), older).unwrap();
    let words = found::named(root.clone()).unwrap_err().to_string();
    assert!(
        words.contains("holds libtorch 2.9.0") && words.contains("Unset it"),
        "{words}"
    );
    fs::remove_dir_all(root.join("lib")).unwrap();
    let words = found::named(root).unwrap_err().to_string();
    assert!(words.contains("has no lib/"), "{words}");
}

#[test]
fn a_shell_takes_any_path_as_it_is() {
    assert_eq!(quoted(Path::new("/a b/c'd")), r"'/a b/c'\''d'");
}
