use super::*;
use crate::paths::SuiteFolder;
use dentate_core::Seed;
use dentate_testkit::malformed::mutate;
use rand::Rng;
use std::fs;

const RUNS: [&str; 3] = ["aa01", "bb02", "cc03"];

/// The log of a run, which no other has.
fn log(run: &str) -> String {
    let lines = (0..20).map(|i| {
        format!(
            "accuracy,0,{i},{i},,0.{i}{}\n",
            run.len() + run.as_bytes()[0] as usize
        )
    });
    lines.collect()
}

/// Two finished runs and a failed one.
fn lay(folder: &SuiteFolder) {
    let _ = fs::remove_dir_all(folder.runs());
    for run in RUNS {
        let place = folder.run(run);
        fs::create_dir_all(&place.0).unwrap();
        let end = if run == "cc03" {
            let (kind, message) = ("panic".into(), "it panicked".into());
            without_records(run, Status::Failed { kind, message })
        } else {
            fs::write(place.records(), log(run)).unwrap();
            RunEnd {
                log: Some(Sum::of(log(run).as_bytes())),
                ..without_records(run, Status::Finished)
            }
        };
        write(&place, &end).unwrap();
    }
}

fn place() -> (tempfile::TempDir, SuiteFolder) {
    let place = tempfile::tempdir().unwrap();
    let folder = SuiteFolder(place.path().join("suite"));
    lay(&folder);
    (place, folder)
}

fn damage_of(folder: &SuiteFolder, run: &str) -> String {
    match look(&folder.run(run)) {
        RunStatus::Damaged(message) => message,
        other => format!("{other:?}"),
    }
}

#[test]
fn what_is_wrong_with_a_folder_is_one_sentence() {
    let (_place, folder) = place();
    let mut said = Vec::new();
    let mut after = |change: &dyn Fn(&RunFolder)| {
        lay(&folder);
        change(&folder.run("aa01"));
        said.push(damage_of(&folder, "aa01"));
    };
    after(&|run| fs::remove_file(run.records()).unwrap());
    after(&|run| {
        // Without its second half, cut where a line ends.
        let text = log("aa01");
        let half = text
            .lines()
            .take(10)
            .map(|l| format!("{l}\n"))
            .collect::<String>();
        fs::write(run.records(), half).unwrap();
    });
    after(&|run| fs::write(run.records(), log("aa01").replace("0,3,3", "0,3,4")).unwrap());
    after(&|run| fs::write(run.status(), "{").unwrap());
    after(&|run| {
        let text = fs::read_to_string(run.status()).unwrap();
        fs::write(run.status(), text.replace("finished", "pending")).unwrap();
    });
    after(&|run| assert!(fs::copy(folder.run("bb02").status(), run.status()).is_ok()));
    insta::assert_snapshot!(said.join("\n"), @r#"
    records.csv is missing
    records.csv is damaged: it has 230 bytes where 490 were written
    records.csv is damaged: its checksum is not that of what was written
    status.json is damaged: EOF while parsing an object at line 1 column 1
    status.json is damaged: it was changed after it was written (its seal is of something else)
    status.json is of run bb02: its folder was renamed or copied
    "#);
}

#[test]
fn a_folder_that_was_renamed_is_no_other_run() {
    let (_place, folder) = place();
    fs::remove_dir_all(&folder.run("bb02").0).unwrap();
    fs::rename(&folder.run("aa01").0, &folder.run("bb02").0).unwrap();
    assert_eq!(look(&folder.run("aa01")), RunStatus::Open);
    assert!(damage_of(&folder, "bb02").contains("is of run aa01"));
    assert!(read(&folder.run("bb02")).is_none());
}

/// Whatever happens to the files, a run that still counts as ended is the one that ended.
#[test]
fn a_damaged_folder_is_never_another_ending() {
    let (_place, folder) = place();
    let before: Vec<RunStatus> = RUNS.iter().map(|run| look(&folder.run(run))).collect();
    let (mut damaged, mut ended, mut open) = (0, 0, 0);
    for n in 0..1000 {
        let mut random = Seed(3).derive(&format!("folder/{n}")).random();
        lay(&folder);
        let [one, other] = [(); 2].map(|()| folder.run(RUNS[random.random_range(0..RUNS.len())]));
        let file = |run: &RunFolder, random: &mut dyn rand::RngCore| {
            if random.random_bool(0.5) {
                run.records()
            } else {
                run.status()
            }
        };
        let path = file(&one, &mut random);
        let text = fs::read(&path).unwrap_or_default();
        let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
        match random.random_range(0..7) {
            0 => fs::write(&path, &text[..random.random_range(0..=text.len())]).unwrap(),
            1 => fs::write(&path, mutate(&text, &mut random)).unwrap(),
            2 => {
                let kept = lines.iter().filter(|_| random.random_bool(0.8));
                fs::write(&path, kept.copied().collect::<Vec<_>>().concat()).unwrap();
            }
            3 => fs::write(
                &path,
                [&text[..], lines.first().copied().unwrap_or_default()].concat(),
            )
            .unwrap(),
            4 => drop(fs::remove_file(&path)),
            5 => drop(fs::copy(file(&other, &mut random), &path)),
            _ => {
                let aside = folder.run("aside");
                let _ = fs::rename(&one.0, &aside.0);
                let _ = fs::rename(&other.0, &one.0);
                let _ = fs::rename(&aside.0, &other.0);
            }
        }
        for (run, before) in RUNS.iter().zip(&before) {
            match look(&folder.run(run)) {
                RunStatus::Open => open += 1,
                RunStatus::Damaged(said) => {
                    damaged += 1;
                    assert!(!said.contains('\n') && said.len() < 1000, "case {n}: {said}");
                }
                status => {
                    ended += 1;
                    assert_eq!(&status, before, "case {n}");
                    let counts = read(&folder.run(run)) == Some(Status::Finished);
                    assert!(!counts || fs::read_to_string(folder.run(run).records()).unwrap() == log(run));
                }
            }
        }
    }
    assert!(
        damaged > 300 && ended > 1000 && open > 20,
        "{damaged} {ended} {open}"
    );
}
