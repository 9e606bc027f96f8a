//! A photo, drawn anew: upright, at most so large, as JPEG, and once more at the size of a thumb.
//!
//! Rules that must hold: of what was uploaded only the pixels are kept, so nothing that a camera writes beside them (where,
//! when, with which phone) is stored or handed out; the kind is told by the bytes, never by the file's name; a picture
//! that would unpack to more than the limits is refused before it is unpacked.
//!
//! Pure: bytes in, bytes out. Not here: when and for whom (`services::photos`).

use crate::domain::photos::{MOST_KEPT, MOST_PIXELS, PhotoFault};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// Longest side and quality, from the best that may be kept to the last that is tried.
const TRIES: [(u32, u8); 5] = [(1_280, 82), (1_280, 65), (1_024, 60), (800, 50), (640, 40)];
/// Longest side of a thumb, its quality, and a lower one for what does not fit.
const SMALL: [(u32, u8); 2] = [(240, 62), (240, 35)];
/// Bytes of a thumb: a phone page has several and stays below 100 kB without them.
const MOST_SMALL: usize = 20_000;
/// Longest side of what is read at all.
const MOST_SIDE: u32 = 16_000;
/// Bytes that reading one may take.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// Bytes of a picture unpacked: it and the copy that is turned fit into that.
const MOST_UNPACKED: u64 = MOST_MEMORY / 2;

/// A photo as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub width_px: i64,
    pub height_px: i64,
    /// JPEG.
    pub picture: Vec<u8>,
    pub small: Vec<u8>,
}

/// Draws an uploaded photo anew.
pub fn draw(bytes: &[u8]) -> Result<Drawn, PhotoFault> {
    if bytes.is_empty() {
        return Err(PhotoFault::None);
    }
    let image = read(bytes)?;
    let (picture, width, height) = fit(&image, &TRIES, MOST_KEPT)?;
    let (small, ..) = fit(&image, &SMALL, MOST_SMALL)?;
    Ok(Drawn { width_px: width.into(), height_px: height.into(), picture, small })
}

fn read(bytes: &[u8]) -> Result<DynamicImage, PhotoFault> {
    let format = image::guess_format(bytes).map_err(|_| PhotoFault::Kind)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PhotoFault::Kind);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let too_large = |error: &image::ImageError| matches!(error, image::ImageError::Limits(_));
    let fault = |error: image::ImageError| if too_large(&error) { PhotoFault::Pixels } else { PhotoFault::Unreadable };
    let mut decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    // the decoders hold to the limits only in part, and a picture has up to eight bytes a pixel
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_UNPACKED {
        return Err(PhotoFault::Pixels);
    }
    // a phone held upright says so beside the picture: it is turned before that is dropped
    let orientation = decoder.orientation().map_err(fault)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// The best of some tries that fits.
fn fit(image: &DynamicImage, tries: &[(u32, u8)], most: usize) -> Result<(Vec<u8>, u32, u32), PhotoFault> {
    for &(side, quality) in tries {
        let fits = image.width() <= side && image.height() <= side;
        let drawn = on_white(&if fits { image.clone() } else { image.thumbnail(side, side) });
        let mut bytes = Vec::new();
        let encoded = JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&drawn);
        encoded.map_err(|_| PhotoFault::Unreadable)?;
        if bytes.len() <= most {
            return Ok((bytes, drawn.width(), drawn.height()));
        }
    }
    Err(PhotoFault::Large)
}

/// Without transparency, which JPEG has not: what is see-through is white.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let clear = image.to_rgba8();
    let mut solid = RgbImage::new(clear.width(), clear.height());
    for (to, from) in solid.pixels_mut().zip(clear.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        to.0 = [red, green, blue].map(|shade| {
            let mixed = (shade * alpha + 255 * (255 - alpha)) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        });
    }
    solid
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use image::{Rgba, RgbaImage};

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn plain(width: u32, height: u32) -> DynamicImage {
        let shade = |place: u32| u8::try_from(place % 251).unwrap();
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| image::Rgb([shade(x), shade(y), shade(x + y)])))
    }

    /// A JPEG with what a phone writes beside its picture: turned by a quarter, and where it was taken.
    fn from_a_phone() -> Vec<u8> {
        let mut jpeg = encoded(&plain(40, 20), ImageFormat::Jpeg);
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS 26.31N 114.52E Phone-7");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let segment = [&[0xff, 0xe1][..], &length, &exif].concat();
        jpeg.splice(2..2, segment);
        jpeg
    }

    #[test]
    fn a_photo_is_turned_upright_and_what_stood_beside_it_is_gone() {
        let bytes = from_a_phone();
        let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        assert!(holds(&bytes, b"GPS 26.31N"));
        let drawn = draw(&bytes).unwrap();
        assert_eq!((drawn.width_px, drawn.height_px), (20, 40), "a quarter turned");
        for kept in [&drawn.picture, &drawn.small] {
            assert!(kept.starts_with(&[0xff, 0xd8]) && !holds(kept, b"Exif") && !holds(kept, b"GPS"));
        }
    }

    #[test]
    fn large_ones_are_drawn_smaller_and_every_kind_becomes_jpeg() {
        let drawn = draw(&encoded(&plain(2_000, 1_000), ImageFormat::Png)).unwrap();
        assert_eq!((drawn.width_px, drawn.height_px), (1_280, 640));
        assert!(drawn.picture.len() <= MOST_KEPT && drawn.small.len() <= MOST_SMALL);
        let webp = draw(&encoded(&plain(30, 30), ImageFormat::WebP)).unwrap();
        assert_eq!((webp.width_px, image::guess_format(&webp.picture).unwrap()), (30, ImageFormat::Jpeg));
        // see-through is white, not black
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0])));
        let drawn = draw(&encoded(&clear, ImageFormat::Png)).unwrap();
        assert!(image::load_from_memory(&drawn.picture).unwrap().to_rgb8().pixels().all(|p| p.0[0] > 250));
    }

    #[test]
    fn what_is_no_photo_is_refused_and_a_bomb_is_not_unpacked() {
        assert_eq!(draw(b""), Err(PhotoFault::None));
        assert_eq!(draw(b"<svg onload=alert(1)>"), Err(PhotoFault::Kind));
        assert_eq!(draw(b"GIF89a\x01\0\x01\0\0\0\0;"), Err(PhotoFault::Kind));
        let whole = encoded(&plain(64, 64), ImageFormat::Png);
        assert_eq!(draw(&whole[..whole.len() / 2]), Err(PhotoFault::Unreadable));
        // the head of a PNG says how large it is; its check sum is over the head alone
        let head = |side: u32, bits: u8| {
            let mut png = encoded(&plain(2, 2), ImageFormat::Png);
            png[16..20].copy_from_slice(&side.to_be_bytes());
            png[20..24].copy_from_slice(&side.to_be_bytes());
            png[24] = bits;
            let sum = crc(&png[12..29]);
            png[29..33].copy_from_slice(&sum.to_be_bytes());
            png
        };
        assert_eq!(draw(&head(7_000, 8)), Err(PhotoFault::Pixels));
        assert_eq!(draw(&head(100_000, 8)), Err(PhotoFault::Pixels));
        assert_eq!(draw(&head(5_000, 16)), Err(PhotoFault::Pixels), "few enough, and too many bytes each");
    }

    /// The check sum of a PNG's part.
    fn crc(bytes: &[u8]) -> u32 {
        let mut sum = u32::MAX;
        for byte in bytes {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
            }
        }
        !sum
    }
}
