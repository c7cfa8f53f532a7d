//! Tables as LaTeX, in the style of `booktabs`.

use crate::comparison::Role;
use crate::tables::{Line, Table};
use dentate_core::record::printable;
use std::fmt::Write as _;

/// A `table` with a caption and the label `tab:ID`. It needs the package `booktabs`, and UTF-8, which is LaTeX's default.
pub(crate) fn table(table: &Table) -> String {
    let columns: String = table
        .head
        .iter()
        .map(|head| if head.text { 'l' } else { 'r' })
        .collect();
    let mut text = format!(
        "\\begin{{table}}\n  \\centering\n  \\caption{{{}}}\n  \\label{{tab:{}}}\n  \\begin{{tabular}}{{{columns}}}\n    \\toprule\n",
        escape(&table.caption),
        table.id
    );
    let heads = table.head.iter().map(|head| {
        let title = escape(&head.title);
        if head.unit.is_empty() {
            title
        } else {
            format!("{title} ({})", escape(head.unit))
        }
    });
    row(&mut text, heads);
    text.push_str("    \\midrule\n");
    let mut before = None;
    for line in &table.rows {
        // References do not compete.
        if line.role == Role::Reference && before.is_some_and(|role| role != Role::Reference) {
            text.push_str("    \\midrule\n");
        }
        before = Some(line.role);
        row(&mut text, cells(line));
    }
    text.push_str("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n");
    text
}

fn row(text: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    let _ = writeln!(text, "    {} \\\\", cells.join(" & "));
}

fn cells(line: &Line) -> impl Iterator<Item = String> {
    line.cells.iter().enumerate().map(|(i, cell)| {
        let text = escape(&cell.text);
        match (i, line.role) {
            (0, Role::Control) => format!("{text} (control)"),
            (0, Role::Reference) => format!("\\emph{{{text}}}"),
            _ if cell.best => format!("\\textbf{{{text}}}"),
            // A bracket at the start of a row would be read as an option of the line end before it.
            (0, _) if text.starts_with(['[', '*']) => format!("{{}}{text}"),
            _ => text,
        }
    })
}

/// A document of these tables, to look at them or to take the packages from.
pub(crate) fn document(title: &str, tables: &[String]) -> String {
    let mut text = String::from(
        "\\documentclass{article}\n\\usepackage[a4paper,landscape,margin=15mm]{geometry}\n\\usepackage{booktabs}\n",
    );
    let _ = write!(
        text,
        "\\title{{{}}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n\\footnotesize\n",
        escape(title)
    );
    for name in tables {
        let _ = writeln!(text, "\\input{{{name}}}\n\\clearpage");
    }
    text.push_str("\\end{document}\n");
    text
}

/// Text that LaTeX prints as it is.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let text = printable(text);
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if let Some(digit) = raised(c) {
            // A run of raised digits is one exponent.
            escaped.push_str("$^{");
            escaped.push(digit);
            while let Some(digit) = letters.peek().copied().and_then(raised) {
                escaped.push(digit);
                letters.next();
            }
            escaped.push_str("}$");
            continue;
        }
        match letter(c) {
            Some(command) => escaped.push_str(command),
            None => escaped.push(c),
        }
    }
    escaped
}

/// The replacement of a letter that LaTeX reads as a command or has no glyph for.
fn letter(c: char) -> Option<&'static str> {
    Some(match c {
        '\\' => "\\textbackslash{}",
        '{' => "\\{",
        '}' => "\\}",
        '$' => "\\$",
        '&' => "\\&",
        '#' => "\\#",
        '%' => "\\%",
        '_' => "\\_",
        '^' => "\\textasciicircum{}",
        '~' => "\\textasciitilde{}",
        '<' => "$<$",
        '>' => "$>$",
        '|' => "$|$",
        '"' => "''",
        '\u{a0}' | '\u{202f}' => "~",
        '±' => "$\\pm$",
        '−' => "$-$",
        '×' => "$\\times$",
        '·' => "$\\cdot$",
        '→' => "$\\to$",
        '≤' => "$\\le$",
        '≥' => "$\\ge$",
        '≈' => "$\\approx$",
        '√' => "$\\surd$",
        '∞' => "$\\infty$",
        '½' => "$\\frac12$",
        'α' => "$\\alpha$",
        'β' => "$\\beta$",
        'γ' => "$\\gamma$",
        'ε' => "$\\epsilon$",
        'η' => "$\\eta$",
        'θ' => "$\\theta$",
        'λ' => "$\\lambda$",
        'μ' | 'µ' => "$\\mu$",
        'σ' => "$\\sigma$",
        'τ' => "$\\tau$",
        'Δ' => "$\\Delta$",
        '▲' | '↑' | '△' => "$\\uparrow$",
        '▼' | '↓' | '▽' | '▾' => "$\\downarrow$",
        '…' => "\\ldots{}",
        '–' => "--",
        '—' => "---",
        '‘' => "`",
        '’' => "'",
        '“' => "``",
        '”' => "''",
        // Letters with accents are in LaTeX's own fonts; of anything else nothing is known.
        c if c.is_ascii() || c.is_alphabetic() && c < '\u{180}' => return None,
        _ => "?",
    })
}

/// A raised digit or sign as a plain one.
fn raised(c: char) -> Option<char> {
    let all = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    match c {
        '⁻' => Some('-'),
        '⁺' => Some('+'),
        c => {
            let place = all.chars().position(|digit| digit == c)?;
            char::from_digit(place as u32, 10)
        }
    }
}

#[cfg(test)]
mod tests;
