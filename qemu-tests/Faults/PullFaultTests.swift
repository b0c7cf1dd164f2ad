import Foundation
import Testing

/// The phases of an upgrade that only need a folder, without a guest: there a fault costs a tenth of a second, and every
/// system call gets its turn.
@Suite("A fault while an image is fetched or made", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct PullFaultTests {
    /// What is pulled.
    enum Source: String, CaseIterable {
        case image, container
    }

    @Test("leaves nothing under the image's name, and the next try succeeds", arguments: Source.allCases)
    func pull(_ source: Source) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let small = try await SmallImage(signedIn: system, in: scratch)
            if source == .container { try await HostCommand.run("sh", ["-c", Self.layout, "sh", scratch]) }
            // What a container becomes has no digest before it was written: a disk that lies cannot be found out.
            let errors = source == .image ? "ENOSPC EIO LOST" : "ENOSPC EIO"
            let sweep = Self.sweep(source, small, keys: system.keys, in: scratch)
            let result = try await sweep.run(budget: pullBudget, errors: errors)
            print("pulling \(source): \(result.tried) faults tried, \(result.failed) said so; \(result.notes)")
            try #require(result.tried > 0, "\(result.notes)")
            #expect(result.failed > 0)
            #expect(result.harm.isEmpty, "\(result.harm.joined(separator: "\n"))")
        }
    }

    private static func sweep(
        _ source: Source, _ small: SmallImage, keys: String, in scratch: String
    ) -> FaultSweep {
        let target = "\(scratch)/pulled"
        let from = source == .image ? "dir:\(small.directory)" : "oci:\(scratch)/layout --allow-unsigned"
        let signature = source == .image ? "manifest.sig" : ""
        let files = "vmlinuz initrd.img root.squashfs manifest.json root.chunks \(signature)"
        // A container becomes the same image each time; the first one is what the others are compared with.
        let compare = """
            set -e; test -e \(scratch)/first || cp -r \(target) \(scratch)/first
            for file in \(files); do cmp -s \(scratch)/first/$file \(target)/$file; done
            """
        return FaultSweep(
            name: source.rawValue,
            operation: "\(InstalledSystem.lifeboot) image pull \(from) \(target) --keys \(keys)",
            before: "rm -rf \(target) \(scratch)/.pulled.*", done: compare, untouched: "test ! -e \(target)")
    }

    /// Makes an OCI layout of one layer out of the root that the small image was made of.
    private static let layout = """
        set -e
        cd "$1"
        mkdir -p layout/blobs/sha256
        blob() {
            digest=$(sha256sum <"$1" | cut -d' ' -f1)
            printf '"digest":"sha256:%s","size":%s' "$digest" "$(stat -c %s "$1")"
            mv "$1" "layout/blobs/sha256/$digest"
        }
        tar --numeric-owner --sort=name -C root -cf layer .
        diff=$(sha256sum <layer | cut -d' ' -f1)
        gzip -n layer
        layer=$(blob layer.gz)
        printf '{"architecture":"amd64","os":"linux","created":"2023-11-14T22:13:20Z","config":{},"rootfs":{"type":"layers",\
        "diff_ids":["sha256:%s"]}}' "$diff" >config
        config=$(blob config)
        type=application/vnd.oci.image
        printf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s",%s},"layers":[{"mediaType":"%s",%s}]}' \
            $type.manifest.v1+json $type.config.v1+json "$config" $type.layer.v1.tar+gzip "$layer" >manifest
        manifest=$(blob manifest)
        echo '{"imageLayoutVersion":"1.0.0"}' >layout/oci-layout
        printf '{"schemaVersion":2,"manifests":[{"mediaType":"%s",%s}]}' $type.manifest.v1+json "$manifest" \
            >layout/index.json
        """
}

/// Seconds that each sweep may take (`LIFEBOOT_MACHINE_PULL_FAULT_SECONDS`, 60).
private let pullBudget =
    ProcessInfo.processInfo.environment["LIFEBOOT_MACHINE_PULL_FAULT_SECONDS"].flatMap(Int.init) ?? 60
