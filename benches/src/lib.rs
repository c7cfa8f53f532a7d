//! Shared code of the benchmarks: networks of the usual sizes, images, and a fair way to compare times on a machine that has
//! other work.

mod contest;
mod images;
mod networks;
mod peer;
mod roofline;

pub use contest::{Contender, Contest, measuring};
pub use images::{COUNT, IMAGES, grey, handwritten, shown};
pub use networks::{Convnet, LATE, USUAL, batch, classify, convnet, perceptron};
pub use peer::Peer;
pub use roofline::{Roofline, traffic};
