use super::*;
use crate::tables::{Cell, Head};
use proptest::prelude::*;

/// The rows of cells that a strict reader of LaTeX makes of a table, as they are printed.
fn printed(text: &str) -> Result<Vec<Vec<String>>, String> {
    let body = text
        .split_once("\\toprule\n")
        .and_then(|(_, rest)| rest.split_once("\\bottomrule"))
        .ok_or("no rules")?
        .0;
    let mut reader = Reader {
        rest: body.chars().collect(),
        at: 0,
    };
    let mut rows = vec![vec![String::new()]];
    let (mut depth, mut maths) = (0, false);
    while let Some(c) = reader.next() {
        let row = rows.last_mut().ok_or("no row")?;
        let cell = row.last_mut().ok_or("no cell")?;
        match c {
            '\\' => {
                let command = reader.command();
                match command.as_str() {
                    "\\" if depth == 0 && !maths => rows.push(vec![String::new()]),
                    "midrule" if cell.trim().is_empty() => {}
                    "textbf" | "emph" | "frac" => {}
                    "textbackslash" => cell.push('\\'),
                    "textasciicircum" => cell.push('^'),
                    "textasciitilde" => cell.push('~'),
                    "ldots" => cell.push('…'),
                    "pm" if maths => cell.push('±'),
                    "times" if maths => cell.push('×'),
                    "to" if maths => cell.push('→'),
                    one if one.len() == 1 && "{}$&#%_".contains(one) => cell.push_str(one),
                    other => return Err(format!("unknown \\{other}")),
                }
            }
            '{' => depth += 1,
            '}' if depth == 0 => return Err("a brace too many".into()),
            '}' => depth -= 1,
            '&' if depth == 0 && !maths => row.push(String::new()),
            '&' | '#' | '%' | '_' => return Err(format!("a bare {c}")),
            '^' if !maths => return Err("a bare ^".into()),
            '$' => maths = !maths,
            '~' => cell.push('\u{a0}'),
            '<' | '>' | '|' if !maths => return Err(format!("a bare {c}")),
            '\n' => {}
            c => cell.push(c),
        }
    }
    if depth != 0 || maths {
        return Err("something is left open".into());
    }
    // Behind the last line end there is the indent of the rule.
    rows.pop();
    Ok(rows
        .into_iter()
        .map(|row| row.iter().map(|c| c.trim().to_owned()).collect())
        .collect())
}

struct Reader {
    rest: Vec<char>,
    at: usize,
}

impl Reader {
    fn next(&mut self) -> Option<char> {
        self.at += 1;
        self.rest.get(self.at - 1).copied()
    }

    fn command(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.rest.get(self.at).filter(|c| c.is_ascii_alphabetic()) {
            name.push(*c);
            self.at += 1;
        }
        if name.is_empty() {
            name.extend(self.next());
        }
        name
    }
}

fn sample(texts: &[String]) -> Table {
    let line = |text: &String| Line {
        role: Role::Contender,
        method: None,
        cells: vec![
            Cell {
                text: text.clone(),
                best: true,
            },
            Cell::from(text.clone()),
        ],
    };
    Table {
        id: "t".into(),
        caption: texts[0].clone(),
        head: vec![Head::text(&texts[0], ""), Head::number("n", "%", "")],
        rows: texts.iter().map(line).collect(),
    }
}

proptest! {
    /// Whatever stands in a cell is printed as it stands there, in its cell.
    #[test]
    fn cells_are_printed_as_they_are(texts in prop::collection::vec("[a-z\\\\{}$&#%_^~<>|±×→ \\[\\]*]{0,12}", 1..5)) {
        let read = printed(&table(&sample(&texts)));
        let read = read.map_err(TestCaseError::fail)?;
        prop_assert_eq!(read.len(), texts.len() + 1);
        for (row, text) in read[1..].iter().zip(&texts) {
            prop_assert_eq!(row.len(), 2);
            for cell in row {
                prop_assert_eq!(cell.as_str(), text.trim());
            }
        }
    }
}

#[test]
fn numbers_have_their_signs() {
    assert_eq!(escape("84.1 ± 2.0"), "84.1 $\\pm$ 2.0");
    assert_eq!(escape("−0.6 [−1.0, 0.2]"), "$-$0.6 [$-$1.0, 0.2]");
    assert_eq!(escape("3.1 × 10⁻¹²"), "3.1 $\\times$ 10$^{-12}$");
    assert_eq!(escape("<\u{a0}0.001"), "$<$~0.001");
    assert_eq!(escape("100 % of a_b & c"), "100 \\% of a\\_b \\& c");
    assert_eq!(escape("Díaz"), "Díaz");
}

/// LaTeX itself takes a table of everything that is escaped, where it is installed.
#[test]
fn latex_compiles_it() {
    let text = "\\{}$&#%_^~<>|\"±−×·→≤≥≈√∞½²⁻³αβγεηθλμστΔ▲▼…–—‘’“” é ü ß".to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("t.tex", &table(&sample(&[text.clone(), "[x".into()])));
    write("all.tex", &document(&text, &["t.tex".into()]));
    let ran = std::process::Command::new("pdflatex")
        .args(["-interaction=nonstopmode", "-halt-on-error", "all.tex"])
        .current_dir(folder.path())
        .output();
    if let Ok(ran) = ran {
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    }
}
