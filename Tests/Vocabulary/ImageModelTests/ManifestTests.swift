import Faults
import JSONText
import Testing

@testable import ImageModel

@Suite("Manifest")
struct ManifestTests {
    static let golden = """
        {
          "schema": "1.0",
          "name": "debian-appliance",
          "version": "12.9+1",
          "sequence": 7,
          "createdAt": "2026-11-23T11:45:29Z",
          "architecture": "amd64",
          "osRelease": {
            "ID": "debian",
            "VERSION_ID": "12"
          },
          "root": {
            "format": "squashfs",
            "size": 12288,
            "sha256": "\(digest(1).hex)",
            "verity": {
              "rootHash": "\(digest(2).hex)",
              "salt": "00ff",
              "hashOffset": 4096,
              "dataBlockSize": 4096,
              "hashBlockSize": 4096,
              "algorithm": "sha256",
              "uuid": "01234567-89ab-cdef-0123-456789abcdef"
            }
          },
          "kernel": {
            "size": 10,
            "sha256": "\(digest(3).hex)"
          },
          "initrd": {
            "size": 20,
            "sha256": "\(digest(4).hex)"
          },
          "chunks": {
            "size": 108,
            "sha256": "\(digest(5).hex)"
          },
          "kernelArguments": [
            "console=ttyS0",
            "quiet"
          ],
          "source": {
            "sha256": "\(digest(6).hex)"
          },
          "sbom": {
            "sha256": "\(digest(7).hex)"
          },
          "boards": [],
          "minimumAgent": "0.1.0"
        }

        """

    // swift-format-ignore: NeverForceUnwrap
    static func sample() -> Manifest {
        let verity = VerityParameters(
            rootHash: digest(2).bytes, salt: [0, 0xFF], hashOffset: 4_096, uuid: "01234567-89ab-cdef-0123-456789abcdef")
        var manifest = Manifest(
            name: "debian-appliance", version: "12.9+1", sequence: 7, createdAt: UTCTime("2026-11-23T11:45:29Z")!,
            architecture: "amd64", osRelease: [.init("ID", "debian"), .init("VERSION_ID", "12")],
            root: .init(format: "squashfs", size: 12_288, sha256: digest(1), verity: verity),
            kernel: .init(size: 10, sha256: digest(3)), initrd: .init(size: 20, sha256: digest(4)))
        manifest.chunks = .init(size: 108, sha256: digest(5))
        manifest.kernelArguments = ["console=ttyS0", "quiet"]
        manifest.source = digest(6)
        manifest.sbom = digest(7)
        manifest.minimumAgent = AgentVersion(0, 1, 0)
        return manifest
    }

    @Test("a manifest is written in a fixed form")
    func writes() {
        #expect(String(decoding: Self.sample().serialized(), as: UTF8.self) == Self.golden)
    }

    @Test("a manifest is read back as it was written")
    func reads() throws {
        var manifest = try Manifest(parsing: Array(Self.golden.utf8))
        #expect(manifest.serialized() == Array(Self.golden.utf8))
        manifest.document = JSONObject()
        #expect(manifest == Self.sample())
        #expect(
            String(decoding: manifest.bootDigests, as: UTF8.self)
                == "\(digest(3).hex)  vmlinuz\n\(digest(4).hex)  initrd.img\n")
    }

    @Test("patches are read back as they were written, and without any there is no field")
    func patches() throws {
        var manifest = Self.sample()
        manifest.patches = [
            Manifest.Patch(
                base: digest(8), first: 3, last: 3_000, covers: 20_000_000,
                file: .init(size: 2_000_000, sha256: digest(9))),
            Manifest.Patch(base: digest(10), first: 0, last: 0, covers: 2, file: .init(size: 1, sha256: digest(11))),
        ]
        let bytes = manifest.serialized()
        var found = try Manifest(parsing: bytes)
        #expect(found.serialized() == bytes)
        found.document = JSONObject()
        #expect(found == manifest)
        let broken = String(decoding: bytes, as: UTF8.self).replacing("\"last\": 0", with: "\"last\": -1")
        let error = #expect(throws: ManifestError.self) { try Manifest(parsing: Array(broken.utf8)) }
        #expect(error?.path == "$.patches[1].last")
    }

    @Test("unknown fields survive, at every level")
    func keepsUnknown() throws {
        let text = Self.golden.replacing("\"salt\":", with: "\"later\": [1],\n      \"salt\":")
            .replacing("\"name\":", with: "\"new\": {},\n  \"name\":")
        #expect(try Manifest(parsing: Array(text.utf8)).serialized().count > Self.golden.utf8.count + 20)
    }

    @Test(
        "a malformed manifest is refused with the place",
        arguments: [
            ("\"schema\": \"1.0\"", "\"schema\": \"2.0\"", "$.schema"),
            ("\"schema\": \"1.0\"", "\"schema\": 1", "$.schema"),
            ("\"schema\": \"1.0\"", "\"schema\": \"1.x\"", "$.schema"),
            ("\"name\": \"debian-appliance\"", "\"name\": \"../x\"", "$.name"),
            ("\"sequence\": 7", "\"sequence\": -1", "$.sequence"),
            ("\"sequence\": 7", "\"sequence\": 1.5", "$.sequence"),
            ("2026-11-23T", "2026-02-30T", "$.createdAt"),
            ("\"ID\": \"debian\"", "\"ID\": 1", "$.osRelease.ID"),
            ("\"size\": 12288", "\"size\": 4096", "$.root.verity.hashOffset"),
            ("\"size\": 12288", "\"size\": 9223372036854775807", "$.root.size"),
            ("\"hashOffset\": 4096", "\"hashOffset\": 4097", "$.root.verity.hashOffset"),
            ("\"hashOffset\": 4096", "\"hashOffset\": 0", "$.root.verity.hashOffset"),
            ("\"dataBlockSize\": 4096", "\"dataBlockSize\": 4095", "$.root.verity.dataBlockSize"),
            ("\"dataBlockSize\": 4096", "\"dataBlockSize\": 8192", "$.root.verity.hashOffset"),
            ("\"hashBlockSize\": 4096", "\"hashBlockSize\": 8192", "$.root.verity.hashOffset"),
            ("\"rootHash\": \"\(digest(2).hex)\"", "\"rootHash\": \"\"", "$.root.verity.rootHash"),
            ("\"rootHash\": \"", "\"rootHash\": \"00", "$.root.verity.rootHash"),
            ("\"salt\": \"00ff\"", "\"salt\": \"00f\"", "$.root.verity.salt"),
            ("\"algorithm\": \"sha256\"", "\"algorithm\": \"md5\"", "$.root.verity.algorithm"),
            ("01234567-89ab", "0123456789ab-", "$.root.verity.uuid"),
            ("\"quiet\"", "\"a b\"", "$.kernelArguments[1]"),
            ("\"quiet\"", "\"\(String(repeating: "a", count: 900))\"", "$.kernelArguments"),
            ("\"size\": 10,", "\"size\": 0,", "$.kernel.size"),
            ("\"0.1.0\"", "\"0.1\"", "$.minimumAgent"),
            ("\"boards\": []", "\"boards\": {}", "$.boards"),
            ("{\n  \"schema\"", "[\n  \"schema\"", "$"),
        ])
    func refuses(old: String, new: String, path: String) throws {
        #expect(Self.golden.contains(old))
        let text = Self.golden.replacing(old, with: new)
        let error = #expect(throws: ManifestError.self) { try Manifest(parsing: Array(text.utf8)) }
        #expect(error?.path == path, "\(String(describing: error))")
        #expect(error.map { RefusalKind($0) } == (path == "$.schema" ? .schema : .impossible))
    }

    @Test("kernel arguments of 900 bytes and a salt of 256 are taken, one byte more of either is not")
    func limits() throws {
        for (more, isTaken) in [(0, true), (1, false)] {
            let arguments = String(repeating: "a", count: 900 - "console=ttyS0 ".count + more)
            let long = Self.golden.replacing("\"quiet\"", with: "\"\(arguments)\"")
            #expect(((try? Manifest(parsing: Array(long.utf8))) != nil) == isTaken)
            let salt = String(repeating: "0f", count: 256 + more)
            let salted = Self.golden.replacing("\"salt\": \"00ff\"", with: "\"salt\": \"\(salt)\"")
            #expect(((try? Manifest(parsing: Array(salted.utf8))) != nil) == isTaken)
        }
    }

    @Test("cut and altered manifests never trap, and cut ones are refused")
    func survivesDamage() {
        let bytes = Array(Self.golden.utf8)
        for damaged in bytes.mutations(seed: 1) {
            let manifest = try? Manifest(parsing: damaged)
            if damaged.count < bytes.count - 1 { #expect(manifest == nil) }
        }
    }
}
