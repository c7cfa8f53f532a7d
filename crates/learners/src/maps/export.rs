//! Export of a map's graph to other programs.

use ndarray::Array2;
use std::fmt::Write;

/// The units and edges of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapGraph {
    /// The prototypes `[units, features]`.
    pub prototypes: Array2<f32>,
    /// Each edge once: two units and its age in signals.
    pub edges: Vec<(usize, usize, u32)>,
}

impl MapGraph {
    /// The edges as text, one per line: `unit unit age`.
    #[must_use]
    pub fn edge_list(&self) -> String {
        let lines = self.edges.iter().map(|(a, b, age)| format!("{a} {b} {age}\n"));
        lines.collect()
    }

    /// The graph as GraphML: the coordinates of a unit are `w0`, `w1`, …, the age of an edge is `age`.
    #[must_use]
    pub fn graphml(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        );
        // Writing to a string cannot fail.
        for i in 0..self.prototypes.ncols() {
            let _ = writeln!(
                out,
                "  <key id=\"w{i}\" for=\"node\" attr.name=\"w{i}\" attr.type=\"float\"/>"
            );
        }
        out.push_str("  <key id=\"age\" for=\"edge\" attr.name=\"age\" attr.type=\"int\"/>\n");
        out.push_str("  <graph edgedefault=\"undirected\">\n");
        for (unit, prototype) in self.prototypes.rows().into_iter().enumerate() {
            let _ = write!(out, "    <node id=\"n{unit}\">");
            for (i, value) in prototype.iter().enumerate() {
                let _ = write!(out, "<data key=\"w{i}\">{value}</data>");
            }
            out.push_str("</node>\n");
        }
        for (a, b, age) in &self.edges {
            let _ = writeln!(
                out,
                "    <edge source=\"n{a}\" target=\"n{b}\"><data key=\"age\">{age}</data></edge>"
            );
        }
        out.push_str("  </graph>\n</graphml>\n");
        out
    }
}
