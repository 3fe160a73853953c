//! Tables of unknown tools by a mapping of their columns, gene tables for one run, documents that are broken or
//! hostile, and tables of different tools that begin alike.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use fusedx::case::fusion::{Frame, Method, Orientation};
use fusedx::read::{Columns, hgnc_genes};
use fusedx::{Limits, Pack, ReadCase, ReadOptions, Sources};
use support::{PACK, read_bytes, repository};

fn mapping(text: &str) -> Result<Columns, Vec<String>> {
    let mut sources = Sources::new(Limits::default());
    let id = sources.add("map.yaml", text.as_bytes()).unwrap();
    Columns::parse(sources.get(id)).map_err(|problems| {
        let told = problems.into_iter();
        told.map(|d| format!("{} {}", d.message, d.help.unwrap_or_default()))
            .collect()
    })
}

fn read_mapped(table: &str, map: &str) -> Result<ReadCase, Vec<String>> {
    let mut sources = Sources::new(Limits::default());
    sources.add("table", table.as_bytes()).unwrap();
    let options = ReadOptions {
        columns: Some(mapping(map)?),
        ..ReadOptions::default()
    };
    fusedx::read(&sources, PACK.vocab(), &options).map_err(|problems| {
        let told = problems.into_iter();
        told.map(|d| format!("{} {}", d.message, d.help.unwrap_or_default()))
            .collect()
    })
}

fn fixture(name: &str) -> String {
    fs::read_to_string(repository("tests/fixtures/columns").join(name)).unwrap()
}

#[test]
fn a_table_of_an_unknown_tool_is_read_by_its_mapping() {
    let read = read_mapped(&fixture("our-caller.csv"), &fixture("our-caller.yaml")).unwrap();
    let source = &read.sources[0];
    assert_eq!((source.format, source.dialect), ("columns", "mapped"));
    let records = &source.records;
    assert_eq!(
        (records.total, records.read, records.failed),
        (3, 2, 1),
        "the short row is one failed row"
    );
    let [alk, ros1] = &read.case.fusions[..] else {
        panic!("two calls");
    };
    assert_eq!(alk.name(), "IGFBP5::ALK");
    assert_eq!(alk.orientation, Some(Orientation::Stated));
    assert_eq!(alk.frame, Some(Frame::InFrame));
    assert_eq!(alk.frame_as_written.as_deref(), Some("IF"));
    assert_eq!(
        (alk.support.split, alk.support.spanning),
        (Some(31), Some(14))
    );
    assert_eq!(alk.caller.as_deref(), Some("OurCaller"));
    assert_eq!(alk.confidence.as_deref(), Some("tier1"));
    assert_eq!(alk.method, Method::Rna);
    assert_eq!(alk.sample.as_deref(), Some("S1"));
    let point = alk.breakpoints.as_ref().unwrap()[1].as_ref().unwrap();
    assert_eq!(
        (point.chromosome.as_str(), point.position, point.strand),
        ("2", 29_223_528, Some('-'))
    );
    assert_eq!(ros1.name(), "HLA-A::ROS1");
    assert_eq!(ros1.frame, Some(Frame::OutOfFrame));
    assert_eq!(ros1.filters, ["novel", "low"]);
}

#[test]
fn one_column_with_both_genes_and_no_promise_of_order() {
    let map = "format: 1\nkind: columns\ncaller: X\npair: Fusion\nseparator: \"-\"\n";
    let read = read_mapped("Fusion\tn\nHLA-A-ALK\t3\n", map).unwrap();
    let fusion = &read.case.fusions[0];
    assert_eq!(
        fusion.as_reported.as_ref().unwrap(),
        &["HLA-A".to_owned(), "ALK".to_owned()]
    );
    assert_eq!(fusion.orientation, Some(Orientation::Unknown));
}

#[test]
fn what_is_wrong_with_a_mapping_is_said_with_the_near_name() {
    let told = |map: &str| mapping(map).unwrap_err().join("\n");
    let head = "format: 1\nkind: columns\ncaller: X\n";
    let genes = "five_prime: A\nthree_prime: B\n";
    let unknown = told(&format!("{head}{genes}brakpoints: [C, D]\n"));
    assert!(
        unknown.contains("brakpoints") && unknown.contains("`breakpoints`"),
        "{unknown}"
    );
    assert!(told(head).contains("names the genes"));
    assert!(told(&format!("{head}{genes}pair: C\n")).contains("one way only"));
    assert!(told(&format!("format: 1\nkind: columns\n{genes}")).contains("caller"));
    assert!(told(&format!("{head}{genes}delimiter: pipe\n")).contains("pipe"));
    assert!(
        told(&format!(
            "{head}{genes}frame: F\nframe_values: {{X: sideways}}\n"
        ))
        .contains("sideways")
    );
    assert!(told(&format!("{head}{genes}breakpoints: C\n")).contains("not allowed"));
}

#[test]
fn a_column_that_is_not_there_is_an_error_that_names_the_near_one() {
    let map = "format: 1\nkind: columns\ncaller: X\nfive_prime: Gene5\nthree_prime: Gene3\nsplit: Junction_Reads\n";
    let table = "Gene5\tGene3\tJunctionReads\tx\ty\nA1\tB1\t3\t1\t1\n";
    let told = read_mapped(table, map).unwrap_err().join("\n");
    assert!(
        told.contains("`Junction_Reads`") && told.contains("did you mean `JunctionReads`"),
        "{told}"
    );
}

/// The command with two files written for it.
fn run(extra: &[&str], files: &[(&str, &str)]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    for (name, text) in files {
        fs::write(path(name), text).unwrap();
    }
    let arguments = extra.iter().map(|argument| {
        if files.iter().any(|(name, _)| name == argument) {
            path(argument).into_os_string()
        } else {
            argument.into()
        }
    });
    let output = Command::new(env!("CARGO_BIN_EXE_fusedx"))
        .arg("read")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn the_command_line_takes_a_mapping_and_says_where_it_is_wrong() {
    let table = fixture("our-caller.csv");
    let map = fixture("our-caller.yaml");
    let files = [("t.csv", table.as_str()), ("m.yaml", map.as_str())];
    let (code, out, _) = run(&["t.csv", "--columns", "m.yaml"], &files);
    assert_eq!(code, 0);
    assert!(out.contains("IGFBP5::ALK") && out.contains("3 rows, 2 read, 0 skipped, 1 failed"));
    let (code, ..) = run(&["t.csv", "--columns", "m.yaml", "--strict"], &files);
    assert_eq!(code, 4, "a failed row");
    let wrong = map.replace("split:", "splitt:");
    let (code, _, err) = run(
        &["t.csv", "--columns", "m.yaml"],
        &[("t.csv", table.as_str()), ("m.yaml", wrong.as_str())],
    );
    assert_eq!(code, 4);
    assert!(
        err.contains("m.yaml:") && err.contains("did you mean `split`"),
        "{err}"
    );
}

const HGNC: &str = "hgnc_id\tsymbol\tname\tlocus_group\tstatus\talias_symbol\tprev_symbol\n\
HGNC:1\tNEWGENE1\ta gene\tprotein-coding gene\tApproved\t\"NG-1|NGX\"\tOLDGENE1\n\
HGNC:2\tOTHER2\ta gene\tprotein-coding gene\tApproved\tNGX\t\n\
HGNC:3\tGONE3\ta gene\twithdrawn\tEntry Withdrawn\t\t\n\
HGNC:4\tNEW-PART4\ta gene\tother\tApproved\t\t\n";

#[test]
fn a_gene_table_adds_its_symbols_for_one_run() {
    let table = "Tumor_Sample_Barcode\tFusion\nS1\tOLDGENE1-ALK\nS2\tNEW-PART4-ALK\nS3\tNGX-ALK\n";
    let files = [("t.tsv", table), ("hgnc.txt", HGNC)];
    let arguments = ["t.tsv", "--genes", "hgnc.txt", "--format", "json"];
    let (code, out, err) = run(&arguments, &files);
    assert_eq!(code, 0, "{err}");
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    let reported = |i: usize| document["fusions"][i]["as_reported"].clone();
    assert_eq!(
        reported(0),
        serde_json::json!(["OLDGENE1", "ALK"]),
        "as written"
    );
    assert_eq!(reported(1), serde_json::json!(["NEW-PART4", "ALK"]));
    let told = document["diagnostics"].to_string();
    assert!(told.contains("NEWGENE1 or OTHER2"), "{told}");

    let mut pack = Pack::built_in();
    let mut sources = Sources::new(Limits::default());
    let id = sources.add("hgnc.txt", HGNC.as_bytes()).unwrap();
    assert_eq!(hgnc_genes(sources.get(id), pack.vocab_mut()).unwrap(), 3);
    let vocab = pack.vocab();
    assert_eq!(vocab.symbol_named("OLDGENE1").unwrap().symbol, "NEWGENE1");
    assert!(vocab.symbol_named("GONE3").is_none(), "no longer approved");
    let id = sources.add("other.txt", b"a\tb\n1\t2\n").unwrap();
    assert!(hgnc_genes(sources.get(id), pack.vocab_mut()).is_err());
}

#[test]
fn the_gene_table_of_hgnc_can_be_read() {
    let Some(folder) = support::shared_data("hgnc") else {
        return;
    };
    let mut pack = Pack::built_in();
    let mut sources = Sources::new(Limits::default());
    let bytes = fs::read(folder.join("hgnc_genes.tsv")).unwrap();
    let id = sources.add("hgnc_genes.tsv", &bytes).unwrap();
    let added = hgnc_genes(sources.get(id), pack.vocab_mut()).unwrap();
    assert!(added > 40_000, "{added}");
    let symbol = |name: &str| pack.vocab().symbol_named(name).map(|n| n.symbol.to_owned());
    assert_eq!(symbol("C11orf95").as_deref(), Some("ZFTA"));
    assert_eq!(symbol("SEPT14").as_deref(), Some("SEPTIN14"));
    assert_eq!(symbol("ALK").as_deref(), Some("ALK"));
    assert_eq!(symbol("no such gene"), None);
}

/// Tables of different tools that begin with the same column, and documents of different laboratories.
#[test]
fn formats_that_begin_alike_are_told_apart() {
    let names = "#FusionName\tJunctionReadCount\tSpanningFragCount\tLeftGene\tLeftBreakpoint\tRightGene\tRightBreakpoint";
    for (header, format) in [
        (names.to_owned(), "star-fusion"),
        (format!("{names}\tLeftLocalBreakpoint\tRightLocalBreakpoint"), "fusioninspector"),
        (
            "#FusionName\tnum_LR\tLeftGene\tLeftLocalBreakpoint\tLeftBreakpoint\tRightGene\tRightBreakpoint".to_owned(),
            "ctat-lr-fusion",
        ),
        (
            "#gene1\tgene2\tstrand1(gene/fusion)\tstrand2(gene/fusion)\tbreakpoint1\tbreakpoint2".to_owned(),
            "arriba",
        ),
        (
            "#gene1\tgene2\tchr1\tbreakpoint_1\tchr2\tbreakpoint_2\tmax_split_cnt\tmax_span_cnt\tsample_type\tdisease\ttools".to_owned(),
            "metafusion-cluster",
        ),
        (
            "# chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tname\tscore\tstrand1\tstrand2\tnum_concordantfrag_bp1\tnum_concordantfrag_bp2".to_owned(),
            "squid",
        ),
        (
            "#chrom5p\tstart5p\tend5p\tchrom3p\tstart3p\tend3p\tgenes5p\tgenes3p\ttype\ttotal_frags".to_owned(),
            "chimerascan",
        ),
        ("#chr5p\tstart5p\tend5p\tchr3p\tstart3p\tend3p\tgene5p\tgene3p".to_owned(), "integrate-bedpe"),
        (
            "cluster_id\tsplitr_sequence\tsplitr_count\tgene_name1\tgene_name2".to_owned(),
            "defuse",
        ),
        (
            "#cluster_id\tbreak1_chromosome\tbreak1_position_start\tbreak2_chromosome\tbreak2_position_start\tevent_type".to_owned(),
            "mavis",
        ),
        ("Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol".to_owned(), "cbioportal-sv"),
        ("SAMPLE_ID\tSV_STATUS\tSITE1_HUGO_SYMBOL".to_owned(), "cbioportal-sv"),
        ("Tumor_Sample_Barcode\tSITE1_HUGO_SYMBOL\tSITE2_HUGO_SYMBOL".to_owned(), "oncokb-sv"),
        ("FusionGene\tLeftBreakpoint\tRightBreakpoint\tSplitReads".to_owned(), "pcgr"),
        ("#FusionGene\tScore\tLeftBreakpoint\tRightBreakpoint\tReadNames".to_owned(), "dragen"),
        ("FusionId\tName\tChrUp\tPosUp\tChrDown\tPosDown\tFilter".to_owned(), "isofox"),
        ("{\"genes\": []}".to_owned(), "pizzly"),
        ("{\"tests\": [{\"testResults\": []}]}".to_owned(), "caris"),
        ("{\"report\": {}, \"patient\": {}, \"results\": {}}".to_owned(), "tempus"),
        ("<variant-report/>".to_owned(), "foundation-xml"),
    ] {
        let read = read_bytes("input", header.as_bytes());
        assert_eq!(read.sources[0].format, format, "{header}");
        assert!(read.case.fusions.is_empty(), "no call, and no negative: {header}");
    }
}

#[test]
fn hostile_documents_are_refused_or_read_and_never_panic() {
    let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><variant-report><rearrangements><rearrangement targeted-gene=\"&b;\"/></rearrangements></variant-report>";
    let deep_json = format!(
        "{{\"genes\": {}{}}}",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    let deep_xml = format!(
        "<variant-report>{}{}</variant-report>",
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    let huge = "{\"genes\": [{\"geneA\": {\"name\": \"ALK\"}, \"geneB\": {\"name\": \"EML4\"}, \"splitcount\": 1e999, \"paircount\": 99999999999999999999999999}]}";
    let cut = "{\"tests\": [{\"testResults\": {\"translocation\": {\"gene\": \"ALK\", \"result\": \"Fusion Not Detected\"";
    for (text, refused) in [
        (bomb, true),
        (deep_json.as_str(), true),
        (deep_xml.as_str(), false),
        (huge, true),
        (cut, true),
    ] {
        let mut sources = Sources::new(Limits::default());
        sources.add("input", text.as_bytes()).unwrap();
        let read = fusedx::read(&sources, PACK.vocab(), &ReadOptions::default());
        let start = &text[..60.min(text.len())];
        assert_eq!(read.is_err(), refused, "{start}");
        if let Ok(read) = read {
            assert!(read.case.fusions.is_empty(), "{start}");
        }
    }
}

#[test]
fn a_line_of_more_than_a_megabyte_is_read() {
    let reads = "read/1,".repeat(200_000);
    let table = format!(
        "#FusionName\tJunctionReadCount\tLeftGene\tLeftBreakpoint\tRightGene\tRightBreakpoint\tJunctionReads\n\
         IGFBP5--ALK\t3\tIGFBP5^E\tchr2:1:-\tALK^E\tchr2:2:-\t{reads}\n"
    );
    let read = read_bytes("input", table.as_bytes());
    assert_eq!(read.sources[0].records.read, 1);
    assert_eq!(read.case.fusions[0].name(), "IGFBP5::ALK");
}
