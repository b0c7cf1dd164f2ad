import Foundation
import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Tree copy", .timeLimit(.minutes(10)))
struct TreeCopyTests {
    @Test("files, folders, links, permissions, times and attributes are copied")
    func copies() throws {
        let folder = try TemporaryFolder()
        let source = try folder.makeFolder("source")
        let script = """
            mkdir -m 750 d; head -c 3000000 /dev/urandom > d/file; chmod 640 d/file; touch -d '2020-01-02 03:04:05' d/file
            ln -s ../../outside d/link; ln -s /nowhere dangling; printf x > 'name with space'; mkfifo pipe
            setfattr -n user.note -v kept d/file 2>/dev/null || true
            """
        try ChildProcess.run("sh", ["-ec", script], directory: source).requireSuccess()
        let target = try folder.makeFolder("target")
        try TreeCopy.copy(source, to: target)
        try ChildProcess.run("rm", ["pipe"], directory: source).requireSuccess()
        let list = ["-c", "find . -printf '%p %y %m %l %U %G ' -a ! -type d -printf '%s %T@' -o -print | sort"]
        let expected = try ChildProcess.run("sh", list, directory: source).standardOutput
        let copied = try ChildProcess.run("sh", list, directory: target).standardOutput
        #expect(String(decoding: copied, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
        try ChildProcess.run("cmp", [source.string + "/d/file", target.string + "/d/file"]).requireSuccess()
    }
}
