//! CIFAR-10 and CIFAR-100 in their binary versions: 50,000 training and 10,000 test images, 32 × 32 in colour
//! (Krizhevsky 2009, Learning multiple layers of features from tiny images).
//!
//! The authors publish MD5 sums of the archives; the SHA-256 sums here are those that other readers of the same archives
//! check (MLDatasets.jl, GoMLX, torchvision-ruby; the last one also those of the files).

use super::{PublicArchive, PublicFile, PublicSet};

const SOURCE: &str =
    "Alex Krizhevsky, Vinod Nair and Geoffrey Hinton; published for research, without a licence";
const MIRRORS: &[&str] = &["https://www.cs.toronto.edu/~kriz/"];

/// A file with 10,000 images of CIFAR-10.
const fn batch(name: &'static str, sha256: &'static str) -> PublicFile {
    PublicFile {
        name,
        bytes: 30_730_000,
        sha256,
    }
}

/// CIFAR-10: ten classes. The last file contains the test images.
pub const CIFAR_10: PublicSet = PublicSet {
    name: "cifar-10",
    source: SOURCE,
    files: &[
        batch(
            "data_batch_1.bin",
            "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        ),
        batch(
            "data_batch_2.bin",
            "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        ),
        batch(
            "data_batch_3.bin",
            "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        ),
        batch(
            "data_batch_4.bin",
            "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        ),
        batch(
            "data_batch_5.bin",
            "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        ),
        batch(
            "test_batch.bin",
            "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
        ),
    ],
    archive: Some(PublicArchive {
        name: "cifar-10-binary.tar.gz",
        bytes: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        folder: "cifar-10-batches-bin",
    }),
    mirrors: MIRRORS,
};

/// CIFAR-100: a hundred classes in twenty groups. The last file contains the test images.
pub const CIFAR_100: PublicSet = PublicSet {
    name: "cifar-100",
    source: SOURCE,
    files: &[
        PublicFile {
            name: "train.bin",
            bytes: 153_700_000,
            sha256: "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29",
        },
        PublicFile {
            name: "test.bin",
            bytes: 30_740_000,
            sha256: "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a",
        },
    ],
    archive: Some(PublicArchive {
        name: "cifar-100-binary.tar.gz",
        bytes: 168_513_733,
        sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
        folder: "cifar-100-binary",
    }),
    mirrors: MIRRORS,
};
