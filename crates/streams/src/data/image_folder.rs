//! A user's own pictures, in a folder or a tar archive with a folder for each class.
//!
//! Files that end in `.png`, `.jpg` or `.jpeg` are read; [`layout`] determines classes and halves from their paths, and [`pictures`]
//! decodes them. Decoded pictures are cached under a digest of the files' contents and of these
//! settings: moving the folder decodes nothing again, and any changed byte does.

use crate::cache::{self, Half, Images};
use crate::contents;
use crate::data::own::Own;
use crate::data::{DataEnv, DataFacts, DataRecipe, LabelledData};
use crate::error::StreamError;
use crate::layout::{self, Halves};
use crate::pictures::{self, Form, Orientation};
use crate::register;
use crate::tree::Tree;
use dentate_core::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// PNG and JPEG pictures, a folder for each class, in `[0, 1]`, channel by channel. Classes are numbered in the order of their
/// names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImageFolder {
    /// The folder, or a tar archive of it (`.tar`, `.tar.gz`): a path relative to the data folder, or an absolute one.
    #[schemars(example = "pets.tar.gz")]
    pub path: String,
    /// The number of classes (2 to 256), which is checked against the folders.
    #[schemars(range(min = 2, max = 256), example = 10)]
    pub classes: u32,
    /// Height and width of a picture (1 to 1024 each).
    #[schemars(inner(range(min = 1, max = 1024)), example = [32, 32])]
    pub size: [u32; 2],
    /// 3 for colour, 1 for grey.
    #[schemars(range(min = 1, max = 3), extend("enum" = [1, 3]))]
    #[serde(default = "three")]
    pub channels: u32,
    /// If true, resize pictures of other sizes; otherwise they are refused.
    #[serde(default)]
    pub resize: bool,
    /// The treatment of pictures whose EXIF data ask for rotation or mirroring: `stored` uses them as they are
    /// stored, as PyTorch's ImageFolder does, and `upright` as they are to be shown. By default, such a picture is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orientation: Option<Orientation>,
    /// The folder of training pictures.
    #[serde(default = "train")]
    pub train_folder: String,
    /// The folder of test pictures.
    #[serde(default = "test")]
    pub test_folder: String,
    /// Share of each class's pictures drawn as test pictures (above 0, at most 0.9), if there are no folders of
    /// training and test pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 0.9), extend("exclusiveMinimum" = 0))]
    pub test_share: Option<f64>,
    /// Seed of the draw of test pictures, independent of a run's seed.
    #[serde(default = "one")]
    pub split_seed: u64,
    /// Number of training pictures to keep (1 or more), alternating between classes; all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub train: Option<u32>,
    /// Number of test pictures to keep (1 or more), alternating between classes; all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub test: Option<u32>,
    /// Its name in titles; by default the name of its file or folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl ImageFolder {
    /// Colour pictures of this height and width in the folders `train` and `test` of a folder or tar archive: a path relative to the
    /// data folder, or an absolute one.
    pub fn new(path: impl Into<String>, classes: u32, size: [u32; 2]) -> Self {
        Self {
            path: path.into(),
            classes,
            size,
            channels: three(),
            resize: false,
            orientation: None,
            train_folder: train(),
            test_folder: test(),
            test_share: None,
            split_seed: one(),
            train: None,
            test: None,
            title: None,
        }
    }
}

fn three() -> u32 {
    3
}

fn train() -> String {
    "train".into()
}

fn test() -> String {
    "test".into()
}

fn one() -> u64 {
    1
}

const NAME: &str = "image-folder";

impl ImageFolder {
    fn own(&self) -> Own<'_> {
        Own {
            path: &self.path,
            title: self.title.as_deref(),
            keep: [self.train, self.test],
        }
    }

    fn form(&self) -> Form {
        Form {
            size: self.size.map(|side| side as usize),
            channels: self.channels as usize,
            resize: self.resize,
            orientation: self.orientation,
        }
    }

    fn halves(&self) -> Halves {
        match self.test_share {
            Some(share) => Halves::Drawn(share, self.split_seed),
            None => Halves::Folders([self.train_folder.clone(), self.test_folder.clone()]),
        }
    }

    fn shape(&self) -> Vec<usize> {
        let Form { size, channels, .. } = self.form();
        vec![channels, size[0], size[1]]
    }

    /// The identity of the decoded pictures.
    fn identity(&self, env: &DataEnv, tree: &Tree) -> Result<String, StreamError> {
        let contents = contents::identity(env, &tree.files())?;
        Ok(self.identity_of(&contents))
    }

    fn identity_of(&self, contents: &str) -> String {
        format!(
            "{NAME} pictures={} {:?} {:?} classes={} {contents}",
            pictures::VERSION,
            self.form(),
            self.halves(),
            self.classes
        )
    }

    /// The whole data set, and its identity.
    fn obtain(&self, env: &DataEnv) -> Result<(String, Images), StreamError> {
        super::AnyData::validate(self)?;
        let tree = Tree::open(&self.own().place(env)?)?;
        let identity = self.identity(env, &tree)?;
        let images = cache::obtain(env, NAME, &identity, || self.decode(env, &tree, &identity))?;
        Ok((identity, images))
    }

    /// Decodes the pictures and checks that their bytes match `identity`, since files may have changed after it was computed.
    fn decode(&self, env: &DataEnv, tree: &Tree, identity: &str) -> Result<Images, StreamError> {
        let form = self.form();
        let (mut names, mut pixels) = (Vec::new(), Vec::new());
        let read = tree.each(is_picture, |name, path, bytes| {
            let decoded = form.decode(&bytes).map_err(|kind| StreamError::Picture {
                file: path.to_owned(),
                kind,
            })?;
            names.push(name.to_owned());
            pixels.extend_from_slice(&decoded);
            Ok(())
        })?;
        if self.identity_of(&read) != identity {
            contents::correct(env, &tree.files(), &read);
            let path = self.own().place(env)?;
            return Err(StreamError::Changing { path });
        }
        let halves = match layout::arrange(&names, &self.halves(), self.classes) {
            Ok(halves) => halves,
            Err(kind) => {
                return Err(StreamError::Layout {
                    path: self.own().place(env)?,
                    kind,
                });
            }
        };
        let [train, test] = halves.map(|places| {
            let mut half = Half::default();
            for (label, at) in places {
                let picture = at * form.bytes()..(at + 1) * form.bytes();
                half.labels.push(label);
                half.pixels.extend_from_slice(&pixels[picture]);
            }
            half
        });
        Ok(Images {
            shape: self.shape(),
            classes: self.classes,
            train,
            test,
        })
    }
}

/// Returns whether a file with this name is read.
fn is_picture(name: &str) -> bool {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("png" | "jpg" | "jpeg"))
}

impl DataRecipe for ImageFolder {
    fn check(&self) -> Result<(), ConfigError> {
        let folders = [
            ("train_folder", &self.train_folder, train()),
            ("test_folder", &self.test_folder, test()),
        ];
        let named = folders.iter().find(|(_, given, usual)| **given != *usual);
        if let Some((key, given, _)) = named.filter(|_| self.test_share.is_some()) {
            return Err(ConfigError::new(*key, given, "left out with `test_share`"));
        }
        self.own().check()
    }

    fn facts(&self) -> DataFacts {
        DataFacts {
            title: self.own().title(),
            classes: self.classes,
            shape: Some(self.shape()),
            cached: None,
        }
    }

    fn fingerprint(&self, env: &DataEnv) -> Result<String, StreamError> {
        let tree = Tree::open(&self.own().place(env)?)?;
        Ok(self.own().fingerprint(&self.identity(env, &tree)?))
    }

    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        let (identity, _) = self.obtain(env)?;
        Ok(cache::place(env, NAME, &identity))
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        let (identity, mut images) = self.obtain(env)?;
        for (which, half) in [&mut images.train, &mut images.test].into_iter().enumerate() {
            let kept = self.own().kept(which, half.labels.len())?;
            half.truncate(kept, self.form().bytes());
        }
        LabelledData::from_images(images, self.own().fingerprint(&identity))
    }
}

register!(
    data,
    ImageFolder,
    "image-folder",
    summary = "your own PNG and JPEG pictures, a folder for each class",
    citation = "this project",
);

#[cfg(test)]
mod tests;
