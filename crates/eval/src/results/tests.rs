use super::*;
use crate::suite::tests_support::suite_of;

fn frame() -> DataFrame {
    let suite = suite_of(&["accuracy,0,1,0,,0.9\ngrowth,1,2,,=evil(),3.0\n"]);
    Frames::of(&suite).unwrap().all("s").unwrap()
}

#[test]
fn a_file_of_records_has_them_all_and_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.csv");
    write_csv(&frame(), &path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "suite,stream,method,seed,run,metric,experience,step,task,item,value\n\
         s,s,m,0,r0,accuracy,0,1,0,,0.9\ns,s,m,0,r0,growth,1,2,,'=evil(),3.0\n"
    );
    let names = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 1, "nothing else is left");
    let said = write_csv(&frame(), &folder.path().join("nowhere/records.csv"))
        .unwrap_err()
        .to_string();
    assert!(said.contains("nowhere/records.csv cannot be written: "), "{said}");
}

#[cfg(feature = "ipc")]
#[test]
fn a_file_of_arrow_gives_the_same_frame() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.arrow");
    write_ipc(&frame(), &path).unwrap();
    let read = IpcReader::new(File::open(&path).unwrap()).finish().unwrap();
    assert!(read.equals_missing(&frame()));
}

#[cfg(feature = "parquet")]
#[test]
fn a_file_of_parquet_gives_the_same_frame() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.parquet");
    write_parquet(&frame(), &path).unwrap();
    let read = ParquetReader::new(File::open(&path).unwrap()).finish().unwrap();
    assert!(read.equals_missing(&frame()));
}
