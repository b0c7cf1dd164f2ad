import Foundation
import LinuxSystem
import OEMExecution
import Plans
import RegistryModel
import SystemPackage
import TestServers
import Testing

/// A container image as a folder in OCI's form, whose layers are archives of folders.
private struct ContainerFixture {
    let folder: String

    /// Makes it; each layer is a script that makes files in an empty folder.
    init(
        _ root: FixtureRoot, _ layers: [String], mediaType: String = "application/vnd.oci.image.layer.v1.tar+gzip"
    ) throws {
        folder = "\(root.path)/layout"
        try? FileManager.default.removeItem(atPath: folder)
        let blobs = "\(folder)/blobs/sha256"
        var descriptors: [String] = []
        for layer in layers {
            let script = """
                set -eu; d=$(mktemp -d); cd "$d"; \(layer); mkdir -p \(blobs)
                tar -czf ../layer-$$ . ; h=$(sha256sum < ../layer-$$ | cut -c1-64)
                mv ../layer-$$ \(blobs)/$h; rm -r "$d"; printf '%s %s' $h $(stat -c %s \(blobs)/$h)
                """
            let parts = try Tool.run("sh", ["-c", script]).split(separator: " ").map(String.init)
            descriptors.append(Self.descriptor(mediaType, parts[0], parts[1]))
        }
        let config = try Self.put("{}", blobs, type: "application/vnd.oci.image.config.v1+json")
        let manifest = try Self.put(
            #"{"schemaVersion":2,"mediaType":"\#(Self.manifestType)","config":\#(config),"layers":[\#(descriptors.joined(separator: ","))]}"#,
            blobs, type: Self.manifestType)
        let index = #"{"schemaVersion":2,"manifests":[\#(manifest)]}"#
        try index.write(toFile: "\(folder)/index.json", atomically: false, encoding: .utf8)
        try #"{"imageLayoutVersion":"1.0.0"}"#.write(
            toFile: "\(folder)/oci-layout", atomically: false, encoding: .utf8)
    }

    private static let manifestType = "application/vnd.oci.image.manifest.v1+json"

    private static func put(_ text: String, _ blobs: String, type: String) throws -> String {
        let script = "h=$(printf %s \"$1\" | sha256sum | cut -c1-64); printf %s \"$1\" > \(blobs)/$h; printf %s $h"
        return descriptor(type, try Tool.run("sh", ["-c", script, "sh", text]), "\(text.utf8.count)")
    }

    private static func descriptor(_ type: String, _ digest: String, _ size: String) -> String {
        #"{"mediaType":"\#(type)","digest":"sha256:\#(digest)","size":\#(size)}"#
    }
}

@Suite("A container image that is unpacked", .enabled(if: ThisProcess.isRoot))
struct UnpackTests {
    private static func run(
        _ root: FixtureRoot, _ source: String, _ rest: String = "", stage: String = "boot"
    ) throws
        -> StageReport
    {
        let text = "stages: {\(stage): [{unpack_images: [{source: '\(source)', target: /srv/app\(rest)}]}]}"
        try root.write(text, to: "/oem/1.yaml")
        return try root.run(stage) { $0.network.registries = .init() }
    }

    private static let layers = [
        "mkdir -p bin etc; echo old > etc/conf; echo gone > etc/gone; echo tool > bin/tool; chmod 4755 bin/tool",
        "mkdir etc; echo new > etc/conf; touch etc/.wh.gone; ln -s ../../../../etc out; ln -s bin/tool link",
    ]

    @Test("has what its layers come to, and is left as it is until the image is another")
    func unpacks() throws {
        let root = try FixtureRoot(["/srv/app/mine": "mine", "/srv/app/etc/conf": "mine"])
        let image = try ContainerFixture(root, Self.layers)
        let report = try Self.run(root, "oci:\(image.folder)")
        #expect(report.problems == [] && report.steps[0].actions.map(\.isChanged) == [true])
        #expect(try root.text("/srv/app/etc/conf") == "new\n" && root.text("/srv/app/mine") == "mine")
        #expect(try root.text("/srv/app/bin/tool") == "tool\n" && root.mode("/srv/app/bin/tool") == "4755")
        let manager = FileManager.default
        #expect(!manager.fileExists(atPath: "\(root.path)/srv/app/etc/gone"))
        #expect(try manager.destinationOfSymbolicLink(atPath: "\(root.path)/srv/app/out") == "../../../../etc")
        #expect(try manager.contentsOfDirectory(atPath: "\(root.path)/srv") == ["app"])
        #expect(try Self.run(root, "oci:\(image.folder)").steps[0].actions.map(\.isChanged) == [false])
        let other = try ContainerFixture(root, ["mkdir etc; echo newer > etc/conf"])
        #expect(try Self.run(root, "oci:\(other.folder)").steps[0].actions.map(\.isChanged) == [true])
        #expect(try root.text("/srv/app/etc/conf") == "newer\n")
        let record = try root.text("/srv/app/.lifeboot-images")
        #expect(record.split(separator: "\n").count == 1 && record.hasPrefix("sha256:"))
    }

    @Test("takes no folder with something in it away, and is tried again after that")
    func obstacle() throws {
        let root = try FixtureRoot(["/srv/app/link/mine": "mine"])
        let image = try ContainerFixture(root, Self.layers)
        for _ in 0..<2 {
            let problems = try Self.run(root, "oci:\(image.folder)").problems
            #expect(problems.count == 1 && problems[0].contains("a folder with something in it"))
        }
        #expect(try root.text("/srv/app/link/mine") == "mine")
        try FileManager.default.removeItem(atPath: "\(root.path)/srv/app/link/mine")
        #expect(try Self.run(root, "oci:\(image.folder)").problems == [])
    }

    @Test("is written to a filesystem that is mounted in the folder, too")
    func mounts() throws {
        let root = try FixtureRoot(["/srv/app/etc/x": ""])
        let image = try ContainerFixture(root, ["mkdir etc; echo new > etc/conf"])
        let place = "\(root.path)/srv/app/etc"
        try Tool.run("mount", ["-t", "tmpfs", "-o", "size=1M", "none", place])
        defer { _ = try? Tool.run("umount", [place]) }
        #expect(try Self.run(root, "oci:\(image.folder)").problems == [])
        #expect(try root.text("/srv/app/etc/conf") == "new\n")
    }

    @Test("writes through no link that a layer brings")
    func links() throws {
        let root = try FixtureRoot()
        let image = try ContainerFixture(root, ["ln -s /etc out", "mkdir out; echo bad > out/passwd"])
        let passwd = try root.text("/etc/passwd")
        _ = try Self.run(root, "oci:\(image.folder)")
        #expect(try root.text("/etc/passwd") == passwd)
        #expect(try root.text("/srv/app/out/passwd") == "bad\n")
    }

    @Test(
        "is refused with the reason",
        arguments: [
            ("alpine", "", "boot", "Move it to the stage 'network'."), ("a b/c", "", "network", "a b/c"),
            ("oci:/nowhere", "", "boot", "/nowhere"), ("docker.io/a/b", ", platform: amd64", "network", "no platform"),
        ])
    func refused(source: String, rest: String, stage: String, words: String) throws {
        let problems = try Self.run(try FixtureRoot(), source, rest, stage: stage).problems
        #expect(problems.count == 1 && problems[0].contains(words), "\(problems)")
    }

    @Test("is refused when its layers are none of a container, or damaged")
    func damaged() throws {
        let root = try FixtureRoot()
        let other = try ContainerFixture(root, ["echo x > y"], mediaType: "application/json")
        #expect(try Self.run(root, "oci:\(other.folder)").problems[0].contains("no container image"))
        let image = try ContainerFixture(root, ["echo x > y"])
        try Tool.run(
            "sh",
            [
                "-c",
                "for f in \(image.folder)/blobs/sha256/*; do head -c 2 $f | grep -q '{' || printf X | dd of=$f conv=notrunc status=none; done",
            ])
        #expect(try Self.run(root, "oci:\(image.folder)").problems.count == 1)
        #expect(!FileManager.default.fileExists(atPath: "\(root.path)/srv/app/y"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root.path)/srv") == ["app"])
    }
}
