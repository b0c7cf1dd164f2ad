import Faults
import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

extension TemporaryFolder {
    fileprivate func run(_ script: String) throws {
        _ = try ChildProcess.run("/bin/sh", ["-ec", script], directory: path).requireSuccess()
    }

    /// All files of the folder.
    fileprivate func files() throws -> [WalkedFile] {
        var walk = try FolderWalk(path)
        var files: [WalkedFile] = []
        while let file = try walk.next() { files.append(file) }
        return files
    }
}

private func text(_ file: WalkedFile) -> String { String(decoding: file.path, as: UTF8.self) }

@Suite("Walking a folder")
struct FolderWalkTests {
    @Test("files come depth first in the order of their bytes, the folder first, links are not followed")
    func order() throws {
        let space = try TemporaryFolder()
        try space.run("mkdir -p a/b; : > a.x; : > a/b/f; : > a/z; ln -s /etc l; ln -s a m; : > \"$(printf '\\377')\"")
        let files = try space.files()
        #expect(files.dropLast().map(text) == ["", "a", "a/b", "a/b/f", "a/z", "a.x", "l", "m"])
        #expect(files.last?.path == [0xFF])
        #expect(files[6].kind == .symbolicLink(target: Array("/etc".utf8)))
        #expect(files[0].kind == .directory && files[3].kind == .regular)
    }

    @Test("names, owners, modes, sizes and further names are those that the kernel tells")
    func facts() throws {
        let space = try TemporaryFolder()
        try space.run("printf abc > f; ln f g; chmod 4751 f; mkfifo p; touch -d @1000000000.5 f")
        let files = try space.files()
        let file = try #require(files.first { text($0) == "f" })
        #expect(file.permissions == 0o4751 && file.nameCount == 2 && file.stamp.size == 3)
        #expect(file.modified == 1_000_000_000 && file.stamp.modified == 1_000_000_000_500_000_000)
        #expect(file.owner.user == geteuid())
        #expect(files.first { text($0) == "g" }?.stamp == file.stamp)
        #expect(files.first { text($0) == "p" }?.kind == .fifo)
    }

    @Test("extended attributes are read sorted, of files, folders and names that are no text")
    func attributes() throws {
        let space = try TemporaryFolder()
        try space.run(
            """
            mkdir d; : > "$(printf 'd/\\377')"; : > f
            for f in d "$(printf 'd/\\377')"; do setfattr -n user.b -v two "$f"; setfattr -n user.a -v one "$f"; done
            """)
        for file in try space.files() where !file.path.isEmpty && text(file) != "f" {
            #expect(file.attributes.map { String(decoding: $0.name, as: UTF8.self) } == ["user.a", "user.b"])
            #expect(file.attributes.map(\.value) == [Array("one".utf8), Array("two".utf8)])
        }
        #expect(try space.files().last?.attributes.isEmpty == true)
    }

    @Test("the file that was visited last is opened, unless another one has its name by now")
    func opening() throws {
        let space = try TemporaryFolder()
        try space.run("mkdir d; printf abc > d/f")
        var walk = try FolderWalk(space.path)
        while let file = try walk.next(), text(file) != "d/f" {}
        var buffer = [UInt8](repeating: 0, count: 8)
        do {
            let file = try walk.open()
            #expect(try FileBlock.read(file.descriptor, into: &buffer) == 3)
            #expect(try walk.isCurrent(file.descriptor))
            try space.run("printf d >> d/f")
            #expect(try !walk.isCurrent(file.descriptor))
        }
        try space.run("mv d/f d/g; printf abc > d/f")
        #expect(throws: SystemError.self) { _ = try walk.open() }
        // A pipe would keep somebody waiting.
        try space.run("rm d/f; mkfifo d/f")
        #expect(throws: SystemError.self) { _ = try walk.open() }
        try space.run("rm d/f; ln -s g d/f")
        #expect(throws: SystemError.self) { _ = try walk.open() }
    }

    @Test("a folder that is renamed during the walk is walked to its end")
    func renamed() throws {
        let space = try TemporaryFolder()
        try space.run("mkdir -p d e; : > d/a; : > d/b; : > e/secret")
        var walk = try FolderWalk(space.path)
        while let file = try walk.next(), text(file) != "d/a" {}
        try space.run("mv d x; ln -s e d")
        #expect(try walk.next().map(text) == "d/b")
    }

    @Test("a folder as deep as nothing is refused, whatever its path is long")
    func depth() throws {
        let space = try TemporaryFolder()
        try space.run("i=0; while [ $i -lt 300 ]; do mkdir d; cd d; i=$((i+1)); done")
        let error = #expect(throws: SystemError.self) { try space.files() }
        #expect(error?.cause == "it is more than 256 folders deep")
    }

    @Test("what is no folder cannot be walked")
    func refuses() throws {
        let space = try TemporaryFolder()
        try space.run(": > f")
        #expect(throws: SystemError.self) { _ = try FolderWalk(space.path.appending("f")) }
        #expect(throws: SystemError.self) { _ = try FolderWalk(space.path.appending("none")) }
    }
}
