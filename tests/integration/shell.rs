use crate::harness::Folder;

#[test]
fn every_shell_has_completions() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        folder.stance(&["completions", shell]).succeeds().prints("suggest");
    }
    folder.stance(&["completions", "dos"]).refuses_usage("possible values");
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new();
    folder.stance(&["man"]).succeeds().prints(".TH stance 1");
    folder.stance(&["man", "-o", "man"]).succeeds();
    for command in ["train", "predict", "explain", "report", "kwic", "audit", "suggest"] {
        assert!(folder.path(&format!("man/stance-{command}.1")).exists(), "{command}");
    }
}
