import Cryptography
import Foundation
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing

@testable import ImageAssembly

/// Owns a folder in which container images are made, as OCI layouts, and images out of them.
final class ContainerYard {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "container-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try run("mkdir staging")
    }

    @discardableResult
    func run(_ script: String, timeout: Duration = .seconds(120)) throws -> String {
        let outcome = try ChildProcess.run(
            "/bin/bash", ["-ec", script], directory: FilePath(path), output: .capture(atMost: 32 << 20),
            timeout: timeout
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    func file(_ name: String) -> FilePath { FilePath(path).appending(name) }

    /// The least that an image needs, as commands in a root folder.
    static let root = """
        mkdir -p boot sbin etc usr/lib/modules/6.1-2/kernel usr/bin usr/lib/lifeboot
        printf 'ID=test\\nVERSION_ID="7"\\n' > etc/os-release; cp /bin/true sbin/init
        printf 'agent' > usr/lib/lifeboot/lifeboot-init; printf module > usr/lib/modules/6.1-2/kernel/a.ko
        """
    /// A kernel and its initrd, as commands in a root folder.
    static let kernel = "printf kernel > boot/vmlinuz-6.1-2; printf initrd > boot/initrd.img-6.1-2"

    /// Makes a layer out of commands that run in an empty folder; returns its descriptor as JSON and its diff id.
    func layer(_ script: String, _ compressor: String = "gzip -n", _ tar: String = "") throws -> (String, String) {
        try run("rm -rf tree; mkdir tree; cd tree; umask 022; \(script)")
        return try layer(
            archive: "tar -C tree --xattrs --xattrs-include='*' --numeric-owner --sort=name \(tar) -cf - .", compressor)
    }

    /// Makes a layer out of what a command writes.
    func layer(archive: String, _ compressor: String = "gzip -n") throws -> (String, String) {
        let kinds = ["gzip -n": "+gzip", "zstd -q": "+zstd", "cat": ""]
        let output = try run(
            """
            mkdir -p layout/blobs/sha256; \(archive) > l.tar; \(compressor) < l.tar > l.out
            d=$(sha256sum < l.out | cut -d' ' -f1); mv l.out layout/blobs/sha256/$d
            printf '{"mediaType":"application/vnd.oci.image.layer.v1.tar\(kinds[compressor] ?? "")","digest":"sha256:%s","size":%s}' \
            $d $(stat -c %s layout/blobs/sha256/$d); echo; sha256sum < l.tar | cut -d' ' -f1
            """
        ).split(separator: "\n").map(String.init)
        return (output[0], output[1])
    }

    /// Writes manifest and config over layers.
    func finish(
        _ layers: [(String, String)], labels: String = "{}", architecture: String = ImageArchitecture.host
    ) throws {
        let ids = layers.map { "\"sha256:\($0.1)\"" }.joined(separator: ",")
        try run(
            """
            put() { d=$(sha256sum < "$1" | cut -d' ' -f1); s=$(stat -c %s "$1"); mv "$1" layout/blobs/sha256/$d; }
            cat > c.json <<'E'
            {"architecture":"\(architecture)","os":"linux","created":"2026-01-02T03:04:05.678Z","config":{"Labels":\(labels)},\
            "rootfs":{"type":"layers","diff_ids":[\(ids)]}}
            E
            put c.json
            printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[\(layers.map(\.0).joined(separator: ","))]}' $d $s > m.json
            put m.json; printf '{"manifests":[{"digest":"sha256:%s","size":%s}]}' $d $s > layout/index.json
            """)
    }

    /// Describes the container image in the layout.
    func container(_ layout: String = "layout") throws -> ContainerDescription {
        var source = LayoutSource("\(path)/\(layout)")
        let document = try source.resolve()
        return try ContainerDescription.read(
            ImageManifest(parsing: document), source: document.digest, from: &source)
    }

    /// Makes an image of the layout's container.
    @discardableResult
    func assemble(
        _ layout: String = "layout", local: LocalBootFiles? = nil, from source: inout LayoutSource,
        progress: @escaping (TransferProgress) throws -> Void = { _ in }
    ) throws -> AssembledImage {
        let request = ContainerRequest(container: try container(layout), staging: file("staging"), local: local)
        return try ContainerAssembly.run(request, from: &source, progress: progress)
    }

    @discardableResult
    func assemble(_ layout: String = "layout", local: LocalBootFiles? = nil) throws -> AssembledImage {
        var source = LayoutSource("\(path)/\(layout)")
        return try assemble(layout, local: local, from: &source)
    }

    /// The tree of the image as GNU tar lists it, sorted.
    func listing(_ image: String = "staging/root.squashfs") throws -> [String] {
        try Self.normalized(run("sqfs2tar \(image) | tar -tv --numeric-owner --utc --full-time"))
    }

    static func normalized(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return words.joined(separator: " ").replacing(" ./", with: " ")
        }.filter { !$0.hasSuffix(" ") }.sorted()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
