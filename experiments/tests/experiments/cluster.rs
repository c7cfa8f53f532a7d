//! A Slurm cluster of one node for one test: its own keys, ports and folders, started here and gone with the test.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Programs that are needed, and the Debian packages that bring them.
const PROGRAMS: [&str; 6] = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"];

/// The cluster's daemons.
pub(crate) struct Cluster {
    place: tempfile::TempDir,
    daemons: Vec<Child>,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for daemon in self.daemons.iter_mut().rev() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

/// The daemons lie in `sbin`, which not everyone's `PATH` has.
fn path() -> String {
    format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default())
}

fn find(program: &str) -> Option<PathBuf> {
    path()
        .split(':')
        .map(|folder| Path::new(folder).join(program))
        .find(|file| file.is_file())
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Cluster {
    /// Start one; `None`, with a word on standard error, where Slurm is not installed or may not be started. With `slurm` in
    /// `DENTATE_REQUIRE` that is a failure.
    pub(crate) fn start() -> Option<Self> {
        let missing: Vec<&str> = PROGRAMS.into_iter().filter(|p| find(p).is_none()).collect();
        let reason = if !missing.is_empty() {
            Some(format!(
                "{} not found (Debian: slurm-wlm, munge)",
                missing.join(", ")
            ))
        } else if rustix::process::getuid().is_root() {
            None
        } else {
            Some("its daemons are started by root alone".into())
        };
        if let Some(reason) = reason {
            let required = std::env::var("DENTATE_REQUIRE").unwrap_or_default();
            assert!(
                required.split(',').all(|word| word != "slurm"),
                "slurm is required: {reason}"
            );
            eprintln!("slurm: not tested, {reason}");
            return None;
        }
        let place = tempfile::Builder::new()
            .prefix("dentate-slurm-")
            .tempdir()
            .unwrap();
        let mut cluster = Self {
            place,
            daemons: Vec::new(),
        };
        cluster.configure();
        cluster.daemon("munged", &["--foreground", "--force"]);
        cluster.await_that("munged answers", || {
            cluster_file(&cluster.place, "munge.sock").exists()
        });
        cluster.daemon("slurmctld", &["-D", "-c"]);
        cluster.daemon("slurmd", &["-D"]);
        cluster.await_that("the node is idle", || {
            cluster.said("sinfo", &["-h", "-o", "%T"]).contains("idle")
        });
        Some(cluster)
    }

    fn configure(&self) {
        let folder = self.place.path();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        for inner in ["state", "spool"] {
            fs::create_dir(folder.join(inner)).unwrap();
        }
        let mut key = [0; 128];
        fs::File::open("/dev/urandom")
            .unwrap()
            .read_exact(&mut key)
            .unwrap();
        fs::write(folder.join("munge.key"), key).unwrap();
        fs::set_permissions(folder.join("munge.key"), fs::Permissions::from_mode(0o400)).unwrap();
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        let host = host.trim().split('.').next().unwrap().to_string();
        let (controller, node) = (free_port(), free_port());
        let folder = folder.display();
        // Two processors, whatever the machine has. A requeued job waits for its credentials to expire: in five
        // seconds here, the least that Slurm takes.
        let text = format!(
            "ClusterName=test\nSlurmctldHost={host}(127.0.0.1)\nSlurmUser=root\nSlurmdUser=root\n\
             AuthType=auth/munge\nAuthInfo=socket={folder}/munge.sock,cred_expire=5\nCryptoType=crypto/munge\n\
             SlurmctldPort={controller}\nSlurmdPort={node}\nStateSaveLocation={folder}/state\n\
             SlurmdSpoolDir={folder}/spool\nSlurmctldPidFile={folder}/ctld.pid\nSlurmdPidFile={folder}/slurmd.pid\n\
             SlurmctldLogFile={folder}/ctld.log\nSlurmdLogFile={folder}/slurmd.log\n\
             ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nMpiDefault=none\n\
             SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU\nSchedulerType=sched/backfill\n\
             SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0\n\
             ReturnToService=2\nKillWait=10\nJobRequeue=1\nPreemptType=preempt/partition_prio\nPreemptMode=REQUEUE\n\
             SlurmdParameters=config_overrides\nNodeName={host} NodeAddr=127.0.0.1 CPUs=2\n\
             PartitionName=main Nodes=ALL Default=YES PriorityTier=1 PreemptMode=REQUEUE\n\
             PartitionName=urgent Nodes=ALL PriorityTier=10 PreemptMode=OFF\n"
        );
        fs::write(self.file("slurm.conf"), text).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        cluster_file(&self.place, name)
    }

    /// Let a command meet this cluster.
    pub(crate) fn known_to<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("SLURM_CONF", self.file("slurm.conf"))
            .env("PATH", path())
    }

    fn daemon(&mut self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(find(program).unwrap());
        command.args(arguments);
        if program == "munged" {
            for (option, name) in [
                ("--socket", "munge.sock"),
                ("--key-file", "munge.key"),
                ("--log-file", "munge.log"),
                ("--pid-file", "munge.pid"),
                ("--seed-file", "munge.seed"),
            ] {
                command.arg(format!("{option}={}", self.file(name).display()));
            }
        }
        let words = fs::File::create(self.file(&format!("{program}.out"))).unwrap();
        let daemon = self
            .known_to(&mut command)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(words)
            .spawn();
        self.daemons.push(daemon.unwrap());
    }

    /// The output of a Slurm program. The test fails if the program does.
    pub(crate) fn said(&self, program: &str, arguments: &[&str]) -> String {
        let output = self
            .known_to(Command::new(find(program).unwrap()).args(arguments))
            .output()
            .unwrap();
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    }

    /// Wait for something that takes seconds.
    pub(crate) fn await_that(&self, what: &str, is: impl Fn() -> bool) {
        let end = Instant::now() + Duration::from_secs(240);
        while !is() {
            assert!(
                Instant::now() < end,
                "{what}: not within minutes\n{}",
                self.words()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The last words of the daemons.
    fn words(&self) -> String {
        let mut words = String::new();
        for name in [
            "munged.out",
            "ctld.log",
            "slurmctld.out",
            "slurmd.log",
            "slurmd.out",
        ] {
            let text = fs::read_to_string(self.file(name)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().rev().take(15).collect();
            words += &format!(
                "{name}:\n{}\n",
                lines.into_iter().rev().collect::<Vec<_>>().join("\n")
            );
        }
        words
    }
}

fn cluster_file(place: &tempfile::TempDir, name: &str) -> PathBuf {
    place.path().join(name)
}
