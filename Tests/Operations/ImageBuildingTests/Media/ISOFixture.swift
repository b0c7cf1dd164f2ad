import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageBuilding

/// Two small images, OEM files and an install.yaml, and media made of them.
struct ISOFixture: ~Copyable {
    let disk: DiskFixture

    init() throws {
        let disk = try DiskFixture()
        let script = disk.folder.appending("oem/a b/run=me.sh").string
        try FileManager.default.createDirectory(
            atPath: disk.folder.appending("oem/a b").string, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: script)
        try Data("disk: {choose: smallest}\n".utf8).write(
            to: URL(filePath: disk.folder.appending("install.yaml").string))
        self.disk = disk
    }

    /// A request for a medium with one image.
    borrowing func request(_ name: String) -> ISORequest {
        ISORequest(image: disk.active.path, output: disk.folder.appending(name))
    }

    /// Puts everything on a medium that can be.
    var everything: (inout ISORequest) -> Void {
        let (folder, recovery) = (disk.folder, disk.recovery.path)
        return { request in
            request.others = [recovery]
            request.oemFiles = folder.appending("oem")
            request.installation = folder.appending("install.yaml")
        }
    }

    /// Builds a medium.
    @discardableResult
    borrowing func build(_ name: String, _ change: (inout ISORequest) -> Void = { _ in }) throws -> FilePath {
        var request = request(name)
        change(&request)
        try ISOBuilder.build(request)
        return request.output
    }

    /// What xorriso says of a medium.
    borrowing func report(_ medium: FilePath, _ commands: [String]) throws -> String {
        try disk.run("xorriso", ["-no_rc", "-indev", medium.string] + commands).output
    }

    /// A folder with all that is on a medium.
    borrowing func extracted(_ medium: FilePath) throws -> FilePath {
        let tree = FilePath("\(medium).tree")
        let outcome = try disk.run(
            "xorriso", ["-no_rc", "-osirrox", "on", "-indev", medium.string, "-extract", "/", tree.string])
        #expect(outcome.status == 0)
        _ = try disk.run("chmod", ["-R", "u+rwX", tree.string])
        return tree
    }

    /// The permissions of a file on a medium, as `ls` has them.
    borrowing func mode(_ path: String, _ medium: String) throws -> String {
        let listing = try report(disk.folder.appending(medium), ["-lsdl", path, "--"])
        return String(listing.split(separator: " ").first ?? "")
    }

    /// Where the image that UEFI reads begins, in bytes.
    borrowing func partitionOffset(_ medium: FilePath) throws -> Int {
        let lines = try report(medium, ["-report_el_torito", "plain"]).split(separator: "\n")
        let line = try #require(lines.first { $0.contains("UEFI") })
        return try #require(line.split(separator: " ").last.flatMap { Int($0) }) * 2048
    }
}
