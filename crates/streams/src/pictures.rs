//! Pictures: PNG and JPEG files of any size, decoded to bytes of one size, channel by channel.
//!
//! The format is determined by the first bytes. Grey and colour are converted into each other as required (grey is
//! `0.299 r + 0.587 g + 0.114 b`, as in ITU-R BT.601); transparency is dropped, and sixteen bits are reduced to eight. Resizing
//! averages over the area that a new pixel covers, and stretches where the proportions differ. Only sums, products and
//! quotients are used, and the decoders without their vector code: the same file gives the same bytes on every machine.
//!
//! EXIF data can require that a picture is shown rotated or mirrored. PyTorch's `ImageFolder` ignores this; here it is either
//! chosen by a setting or refused.

mod exif;
mod parts;
mod resize;

use exif::Showing;
use png::{ColorType, Transformations};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use thiserror::Error;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Increase it when the same file would give other bytes: here, or in a new version of a decoder.
pub(crate) const VERSION: u32 = 1;
/// The maximum side length in pixels of a picture to be resized: 64 million pixels in all.
const MOST: usize = 8192;

const PNG: [u8; 4] = [0x89, b'P', b'N', b'G'];
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];

/// The reasons for which a picture is refused.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureErrorKind {
    /// It has another format.
    #[error("it begins like neither PNG nor JPEG")]
    Format,
    /// It is damaged, or of an unsupported kind.
    #[error("its {format} cannot be decoded: {reason}")]
    Damaged {
        /// PNG or JPEG.
        format: &'static str,
        /// The decoder's message.
        reason: String,
    },
    /// Its EXIF data require it to be shown otherwise than it is stored, and no setting determines whether to follow them.
    #[error(
        "its EXIF data say that it is to be shown turned or mirrored (orientation {orientation}); set `orientation = \"stored\"` \
         to take such pictures as they are stored, as PyTorch's ImageFolder does, or `orientation = \"upright\"` to have them turned"
    )]
    Turned {
        /// From 2 to 8, as EXIF numbers it.
        orientation: u8,
    },
    /// It has the wrong size.
    #[error("it has {} × {} pixels (height × width) instead of {} × {}; set `resize = true` to have it resized", .found[0], .found[1], .expected[0], .expected[1])]
    Size {
        /// The required height and width.
        expected: [usize; 2],
        /// The height and width found.
        found: [usize; 2],
    },
    /// It is larger than accepted.
    #[error("it has {} × {} pixels (height × width), more than the {MOST} accepted along a side", .found[0], .found[1])]
    TooLarge {
        /// The height and width found.
        found: [usize; 2],
    },
}

/// The treatment of pictures whose EXIF data require rotation or mirroring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Orientation {
    /// As they are stored, whatever the EXIF data.
    Stored,
    /// As they are to be shown by the EXIF data.
    Upright,
}

/// The required form of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// Height and width.
    pub(crate) size: [usize; 2],
    /// 1 for grey, 3 for colour.
    pub(crate) channels: usize,
    /// True if pictures of other sizes are resized; otherwise they are refused.
    pub(crate) resize: bool,
    /// The treatment of pictures with an EXIF orientation; if `None`, they are refused.
    pub(crate) orientation: Option<Orientation>,
}

impl Form {
    /// The number of bytes of a picture.
    pub(crate) fn bytes(self) -> usize {
        self.channels * self.size[0] * self.size[1]
    }

    /// Decodes a file. If the size in its header is refused, nothing is decompressed.
    pub(crate) fn decode(self, file: &[u8]) -> Result<Vec<u8>, PictureErrorKind> {
        let picture = if file.starts_with(&PNG) {
            self.decode_png(file)?
        } else if file.starts_with(&JPEG) {
            self.decode_jpeg(file)?
        } else {
            return Err(PictureErrorKind::Format);
        };
        let mut planes = picture.planes(self.channels);
        let pixels = picture.size[0] * picture.size[1];
        let size = picture.showing.size(picture.size);
        if picture.showing != Showing::STORED {
            let stored = planes.chunks(pixels);
            planes = stored
                .flat_map(|plane| picture.showing.plane(plane, picture.size))
                .collect();
        }
        if size == self.size {
            return Ok(planes);
        }
        let planes = planes.chunks(pixels);
        Ok(planes
            .flat_map(|plane| resize::plane(plane, size, self.size))
            .collect())
    }

    /// The orientation used for a picture with these EXIF data.
    fn showing(self, exif: Option<&[u8]>) -> Result<Showing, PictureErrorKind> {
        let showing = Showing::of(exif);
        match self.orientation {
            Some(Orientation::Upright) => Ok(showing),
            None if showing != Showing::STORED => Err(PictureErrorKind::Turned {
                orientation: showing.number(),
            }),
            Some(Orientation::Stored) | None => Ok(Showing::STORED),
        }
    }

    fn check(self, found: [usize; 2]) -> Result<(), PictureErrorKind> {
        if found != self.size && !self.resize {
            return Err(PictureErrorKind::Size {
                expected: self.size,
                found,
            });
        }
        if found.iter().any(|&side| side > MOST || side == 0) {
            return Err(PictureErrorKind::TooLarge { found });
        }
        Ok(())
    }

    fn decode_png(self, file: &[u8]) -> Result<Picture, PictureErrorKind> {
        let showing = self.showing(parts::png(file)?)?;
        let failed = |error: png::DecodingError| damaged("PNG", error);
        let mut decoder = png::Decoder::new(Cursor::new(file));
        decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        // Those of its chunks, and that of all pixels together, which decoders commonly skip.
        decoder.ignore_checksums(false);
        let header = decoder.read_header_info().map_err(failed)?;
        let size = [header.height as usize, header.width as usize];
        self.check(showing.size(size))?;
        let mut reader = decoder.read_info().map_err(failed)?;
        let bytes = reader.output_buffer_size();
        let bytes = bytes.ok_or_else(|| damaged("PNG", "it has more pixels than memory can hold"))?;
        let mut values = vec![0; bytes];
        reader.next_frame(&mut values).map_err(failed)?;
        reader.finish().map_err(failed)?;
        let channels = match reader.output_color_type().0 {
            ColorType::Grayscale => 1,
            ColorType::GrayscaleAlpha => 2,
            ColorType::Rgb => 3,
            ColorType::Rgba => 4,
            ColorType::Indexed => return Err(damaged("PNG", "its palette is missing")),
        };
        Picture::new("PNG", (size, showing), channels, values)
    }

    fn decode_jpeg(self, file: &[u8]) -> Result<Picture, PictureErrorKind> {
        let showing = self.showing(parts::jpeg(file)?)?;
        let options = DecoderOptions::default()
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX))
            .set_strict_mode(true);
        let failed = |error: DecodeErrors| damaged("JPEG", error);
        let mut decoder = JpegDecoder::new_with_options(Cursor::new(file), options);
        decoder.decode_headers().map_err(failed)?;
        let size = decoder
            .info()
            .map(|info| [usize::from(info.height), usize::from(info.width)])
            .ok_or_else(|| damaged("JPEG", "it has no header"))?;
        self.check(showing.size(size))?;
        let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
        let (space, channels) = if grey {
            (ColorSpace::Luma, 1)
        } else {
            (ColorSpace::RGB, 3)
        };
        decoder.set_options(options.jpeg_set_out_colorspace(space));
        let values = decoder.decode().map_err(failed)?;
        Picture::new("JPEG", (size, showing), channels, values)
    }
}

fn damaged(format: &'static str, reason: impl ToString) -> PictureErrorKind {
    let reason = reason.to_string();
    // Some decoders write several lines; join them into one.
    let reason: Vec<_> = reason.split_whitespace().collect();
    PictureErrorKind::Damaged {
        format,
        reason: reason.join(" ").chars().take(300).collect(),
    }
}

/// A decoded picture, pixel by pixel.
struct Picture {
    /// Its size as stored.
    size: [usize; 2],
    showing: Showing,
    /// Values per pixel: grey, or red, green and blue; with 2 and 4 transparency is the last.
    channels: usize,
    values: Vec<u8>,
}

impl Picture {
    fn new(
        format: &'static str,
        (size, showing): ([usize; 2], Showing),
        channels: usize,
        values: Vec<u8>,
    ) -> Result<Self, PictureErrorKind> {
        if values.len() != size[0] * size[1] * channels {
            return Err(damaged(
                format,
                "it has more or fewer pixels than its header says",
            ));
        }
        Ok(Self {
            size,
            showing,
            channels,
            values,
        })
    }

    /// Its values channel by channel, converted to `channels` channels.
    fn planes(&self, channels: usize) -> Vec<u8> {
        // Channel `c` of each pixel; there is at least one pixel, with this many channels.
        let plane = |c: usize| self.values[c..].iter().step_by(self.channels).copied();
        match (self.channels, channels) {
            (1 | 2, _) => plane(0).collect::<Vec<_>>().repeat(channels),
            (_, 1) => {
                let pixels = self.values.chunks_exact(self.channels);
                pixels.map(|pixel| luma(pixel[0], pixel[1], pixel[2])).collect()
            }
            _ => {
                let mut planes = Vec::with_capacity(self.size[0] * self.size[1] * channels);
                (0..channels).for_each(|c| planes.extend(plane(c)));
                planes
            }
        }
    }
}

/// The brightness of a colour.
fn luma(red: u8, green: u8, blue: u8) -> u8 {
    ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) + 500) / 1000) as u8
}

#[cfg(test)]
mod tests;
