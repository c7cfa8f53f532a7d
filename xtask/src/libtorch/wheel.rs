//! The wheels of libtorch, and the parts of them that are needed.

use super::error::LibtorchError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A wheel of the package index, by its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wheel {
    pub(super) requirement: &'static str,
    pub(super) file: &'static str,
    pub(super) sha256: &'static str,
    /// The needed files and folders with their destinations; others are left out.
    pub(super) needed: &'static [(&'static str, &'static str)],
}

/// For Linux on x86-64. `libtorch_cpu` links the two libraries of CUDA although it computes on the processor.
pub(super) const WHEELS: [Wheel; 3] = [
    Wheel {
        requirement: "torch==2.11.0",
        file: "torch-2.11.0-cp311-cp311-manylinux_2_28_x86_64.whl",
        sha256: "7aa2f9bbc6d4595ba72138026b2074be1233186150e9292865e04b7a63b8c67a",
        needed: &[
            ("torch/include/", "include/"),
            ("torch/lib/libc10.so", "lib/libc10.so"),
            ("torch/lib/libgomp.so.1", "lib/libgomp.so.1"),
            ("torch/lib/libtorch.so", "lib/libtorch.so"),
            ("torch/lib/libtorch_cpu.so", "lib/libtorch_cpu.so"),
        ],
    },
    Wheel {
        requirement: "nvidia-cuda-runtime==13.0.96",
        file: "nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        sha256: "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548",
        needed: &[("nvidia/cu13/lib/libcudart.so.13", "lib/libcudart.so.13")],
    },
    Wheel {
        requirement: "nvidia-cuda-cupti==13.0.85",
        file: "nvidia_cuda_cupti-13.0.85-py3-none-manylinux_2_25_x86_64.whl",
        sha256: "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8",
        needed: &[("nvidia/cu13/lib/libcupti.so.13", "lib/libcupti.so.13")],
    },
];

impl Wheel {
    /// Check a file against the digest.
    pub(super) fn check(&self, path: &Path) -> Result<(), LibtorchError> {
        let found = digest(path)?;
        if found == self.sha256 {
            return Ok(());
        }
        Err(LibtorchError::Digest {
            path: path.into(),
            found,
            wanted: self.sha256,
        })
    }
}

fn digest(path: &Path) -> Result<String, LibtorchError> {
    let mut file = File::open(path).map_err(LibtorchError::io("open", path))?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer).map_err(LibtorchError::io("read", path))? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
        if crate::child::interrupted() {
            return Err(LibtorchError::Interrupted);
        }
    }
    Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

/// The files that a user gives: wheels, or folders of wheels.
pub(super) fn files(given: &[PathBuf]) -> Result<Vec<PathBuf>, LibtorchError> {
    let wanted = |path: &Path| {
        WHEELS
            .iter()
            .any(|w| path.file_name().is_some_and(|name| name == w.file))
    };
    let mut files = Vec::new();
    for path in given {
        if path.is_dir() {
            let held = WHEELS.iter().map(|wheel| path.join(wheel.file));
            files.extend(held.filter(|file| file.is_file()));
        } else if wanted(path) {
            files.push(path.clone());
        } else {
            let wanted = WHEELS.iter().map(|w| w.file).collect();
            let path = path.clone();
            return Err(LibtorchError::Foreign { path, wanted });
        }
    }
    Ok(files)
}
