//! A picture in sixteen greys as a `data:` address: PNG without compression, which takes a tenth of the bytes of a drawing by pixels.

use crc::{CRC_32_ISO_HDLC, Crc};

const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// The address of a picture of this width, whose greys run from 0 to 15, row by row.
pub(super) fn address(width: usize, greys: &[u8]) -> String {
    format!("data:image/png;base64,{}", base64(&png(width, greys)))
}

/// The file's bytes: a header, one block of data, an end.
fn png(width: usize, greys: &[u8]) -> Vec<u8> {
    let height = greys.len() / width.max(1);
    let mut raw = Vec::with_capacity(height * (width / 2 + 2));
    for row in greys.chunks_exact(width.max(1)) {
        raw.push(0); // no filter
        raw.extend(
            row.chunks(2)
                .map(|pair| (pair[0] & 15) << 4 | pair.get(1).copied().unwrap_or(0) & 15),
        );
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    // Four bits of grey; the standard's only compression, filter, and no interlacing.
    header.extend([4, 0, 0, 0, 0]);
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &stored(&raw));
    chunk(&mut file, b"IEND", &[]);
    file
}

/// A chunk: length, kind, data and the checksum of the last two.
fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let mut digest = CRC.digest();
    digest.update(kind);
    digest.update(data);
    file.extend(kind);
    file.extend(data);
    file.extend(digest.finalize().to_be_bytes());
}

/// A zlib stream (RFC 1950) of stored blocks.
fn stored(raw: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = raw.chunks(0xffff).collect();
    for (i, block) in blocks.iter().enumerate() {
        out.push(u8::from(i + 1 == blocks.len()));
        let length = block.len() as u16;
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(*block);
    }
    let (a, b) = raw.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for three in bytes.chunks(3) {
        let group = three
            .iter()
            .fold(0_u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..4 {
            if place <= three.len() {
                text.push(char::from(LETTERS[(group >> (18 - 6 * place) & 63) as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_the_standard_has_it() {
        // RFC 4648, section 10.
        let written = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|t| base64(t.as_bytes()));
        assert_eq!(
            written,
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        );
    }

    /// The checksums are those of an independent encoder (Python's zlib) for the same picture of 3 × 2.
    #[test]
    fn a_picture_is_a_png() {
        let file = png(3, &[0, 15, 7, 8, 1, 2]);
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        let raw: [u8; 6] = [0, 0x0f, 0x70, 0, 0x81, 0x20];
        let stream = stored(&raw);
        assert_eq!(&stream[..7], [0x78, 0x01, 1, 6, 0, 0xf9, 0xff]);
        assert_eq!(&stream[7..13], raw);
        assert_eq!(stream[13..], ADLER.to_be_bytes());
        assert_eq!(file[file.len() - 4..], 0xae42_6082_u32.to_be_bytes());
    }

    const ADLER: u32 = 0x0333_0121;
}
