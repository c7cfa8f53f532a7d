//! The same work in bare PyTorch: a script that runs beside the benchmark and takes its turns when it is told to.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{cell::RefCell, path::Path};

/// The script, running.
#[derive(Debug)]
pub struct Peer(RefCell<Running>);

#[derive(Debug)]
struct Running {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peer {
    /// Start it with the Python that `DENTATE_PYTHON` names (`python3` else), and show it the images. `None` where there is
    /// no PyTorch; then the script has said what it needs.
    #[must_use]
    pub fn start(pixels: &[u8], labels: &[u8]) -> Option<Self> {
        if !crate::measuring() {
            return None;
        }
        let python = std::env::var_os("DENTATE_PYTHON").unwrap_or_else(|| "python3".into());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/pytorch.py");
        let mut child = Command::new(python)
            .arg(script)
            .arg("--serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (to, from) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        let mut running = Running { child, to, from };
        running.show(pixels, labels).ok()?;
        println!("peer: {}", running.line()?);
        Some(Self(RefCell::new(running)))
    }

    /// Seconds of each of so many iterations of a piece of work: `step 784-256-256-10 64 adam`.
    #[must_use]
    pub fn run(&self, work: &str, iterations: u64) -> Option<Vec<f64>> {
        let mut running = self.0.borrow_mut();
        writeln!(running.to, "{iterations} {work}").ok()?;
        running.to.flush().ok()?;
        let line = running.line()?;
        line.split_whitespace().map(|word| word.parse().ok()).collect()
    }
}

impl Running {
    fn show(&mut self, pixels: &[u8], labels: &[u8]) -> std::io::Result<()> {
        writeln!(self.to, "{} {}", labels.len(), pixels.len() / labels.len().max(1))?;
        self.to.write_all(pixels)?;
        self.to.write_all(labels)?;
        self.to.flush()
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.from.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim().to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It ends when its input does; one that hangs is ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
