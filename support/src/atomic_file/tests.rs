use super::*;

/// Returns the names in a folder, including hidden ones.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_replaced_by_write_and_never_by_create() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/a.case");
    create(&file, b"first").unwrap();
    assert_eq!(create(&file, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&file).unwrap(), b"first");
    write(&file, b"third").unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"third");
    assert!(write(&folder.path().join("missing/a"), b"").is_err());
    assert_eq!(write(folder.path(), b"").unwrap_err().kind(), io::ErrorKind::IsADirectory);
    assert_eq!(names(&folder.path().join("new")), ["a.case"]);
}

#[test]
fn a_file_is_unchanged_until_commit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    fs::write(&file, "old").unwrap();
    let mut output = AtomicFile::open(&file).unwrap();
    output.write_all(b"new").unwrap();
    drop(output);
    check(&file).unwrap();
    check(&folder.path().join("b")).unwrap();
    assert!(check(&folder.path().join("missing/a")).is_err());
    assert_eq!((fs::read(&file).unwrap(), names(folder.path())), (b"old".to_vec(), vec!["a".to_owned()]));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
    use std::process::Command;
    use std::thread;

    use super::*;

    #[test]
    fn links_remain_and_their_targets_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("sub")).unwrap();
        fs::write(at("sub/file"), "old").unwrap();
        symlink("sub/file", at("link")).unwrap();
        symlink(at("link"), at("second")).unwrap();
        symlink("../new", at("sub/dangling")).unwrap();
        symlink("loop", at("loop")).unwrap();
        write(&at("second"), b"1").unwrap();
        assert_eq!(fs::read(at("sub/file")).unwrap(), b"1");
        write(&at("sub/dangling"), b"2").unwrap();
        assert_eq!(fs::read(at("new")).unwrap(), b"2");
        assert!(write(&at("loop"), b"3").is_err());
        assert_eq!(regular_file(&at("second")).unwrap().unwrap().file_name().unwrap(), "file");
        for link in ["link", "second", "sub/dangling", "loop"] {
            assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink(), "{link}");
        }
        assert_eq!(names(folder.path()), ["link", "loop", "new", "second", "sub"]);
    }

    #[test]
    fn mode_and_owner_remain_and_a_new_file_has_the_mode_of_the_mask() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "plain").unwrap();
        let plain = fs::metadata(&file).unwrap().mode();
        write(&folder.path().join("b"), b"").unwrap();
        assert_eq!(fs::metadata(folder.path().join("b")).unwrap().mode(), plain);
        for mode in [0o600, 0o640, 0o777, 0o644] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            // Only root can change the owner.
            let given = std::os::unix::fs::chown(&file, Some(4711), Some(4712)).is_ok();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let before = fs::metadata(&file).unwrap();
            write(&file, format!("{mode:o}").as_bytes()).unwrap();
            let after = fs::metadata(&file).unwrap();
            assert_eq!((after.mode() & 0o7777, after.uid(), after.gid()), (mode, before.uid(), before.gid()));
            assert!(!given || after.uid() == 4711);
            assert_ne!(before.ino(), after.ino(), "it was not replaced");
        }
    }

    #[test]
    fn a_fifo_and_a_device_are_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        check(&fifo).unwrap();
        let reader = thread::spawn({
            let fifo = fifo.clone();
            move || fs::read(fifo).unwrap()
        });
        write(&fifo, b"through").unwrap();
        assert_eq!(reader.join().unwrap(), b"through");
        assert!(fs::symlink_metadata(&fifo).unwrap().file_type().is_fifo());
        assert!(regular_file(&fifo).unwrap().is_none());

        let link = folder.path().join("null");
        symlink("/dev/null", &link).unwrap();
        write(&link, b"nothing").unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        if Path::new("/dev/full").exists() {
            symlink("/dev/full", folder.path().join("full")).unwrap();
            let error = write(&folder.path().join("full"), b"a").unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        }
    }

    #[test]
    fn a_fifo_whose_reader_has_closed_it_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let reader = thread::spawn({
            let fifo = fifo.clone();
            move || File::open(fifo).map(drop)
        });
        let mut output = AtomicFile::open(&fifo).unwrap();
        reader.join().unwrap().unwrap();
        let error = output.write_all(b"lost").unwrap_err();
        assert!(error.kind() != io::ErrorKind::BrokenPipe && error.to_string().contains("roken pipe"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_descriptor_is_written_to_and_its_file_not_replaced() {
        use std::os::fd::AsRawFd;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let mut open = File::create(&file).unwrap();
        open.write_all(b"before ").unwrap();
        let before = open.metadata().unwrap().ino();
        write(Path::new(&format!("/dev/fd/{}", open.as_raw_fd())), b"after").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"before after");
        assert_eq!(fs::metadata(&file).unwrap().ino(), before);
        assert!(matches!(target(Path::new("/dev/stdout")).unwrap(), Target::Stdout));
        assert!(matches!(target(Path::new("/proc/self/fd/2")).unwrap(), Target::Stderr));
    }
}
