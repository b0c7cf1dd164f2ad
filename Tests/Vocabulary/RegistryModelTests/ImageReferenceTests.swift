import Faults
import ImageModel
import Testing

@testable import RegistryModel

@Suite("Image references")
struct ImageReferenceTests {
    static let hex = String(repeating: "ab", count: 32)

    @Test(
        "references are read and written back",
        arguments: [
            ("oci://registry.example/os:1.2", "registry.example/os:1.2"),
            ("registry.example/vendor/os", "registry.example/vendor/os"),
            ("oci://registry/os/channel:stable", "registry/os/channel:stable"),
            ("localhost/os", "localhost/os"), ("oci://LOCALHOST:5000/os", "localhost:5000/os"),
            ("127.0.0.1:5000/a/b-c/d__e/f.g:T_1.x-y", "127.0.0.1:5000/a/b-c/d__e/f.g:T_1.x-y"),
            ("oci://[fd00::1]:5000/os:a", "[fd00::1]:5000/os:a"), ("[::1]/os", "[::1]/os"),
            ("docker://docker.io/debian:12", "docker.io/library/debian:12"),
            ("docker.io/debian:12", "docker.io/library/debian:12"), ("docker.io/a/b", "docker.io/a/b"),
            ("r.example/os@sha256:\(hex)", "r.example/os@sha256:\(hex)"),
            ("oci://r.example:443/os:1@sha256:\(hex)", "r.example:443/os:1@sha256:\(hex)"),
        ])
    func reads(text: String, expected: String) throws {
        let reference = try ImageReference(parsing: text)
        #expect(reference.description == expected)
        #expect(try ImageReference(parsing: "oci://\(reference)") == reference)
    }

    @Test("digest comes before tag comes before latest")
    func selectors() throws {
        #expect(try ImageReference(parsing: "r.example/os").selector == "latest")
        #expect(try ImageReference(parsing: "r.example/os:1").selector == "1")
        let both = try ImageReference(parsing: "r.example/os:1@sha256:\(Self.hex)")
        #expect(both.selector == "sha256:\(Self.hex)")
        #expect(both.pinned(to: digest(1)).description == "r.example/os@\(digest(1).registryText)")
        #expect(both.name == "r.example/os")
    }

    @Test(
        "short names are refused with the name to write",
        arguments: [
            ("debian", "docker.io/library/debian"), ("debian:12", "docker.io/library/debian:12"),
            ("vendor/os", "docker.io/vendor/os"), ("vendor/os:1", "docker.io/vendor/os:1"),
        ])
    func shortNames(text: String, remedy: String) {
        let error = #expect(throws: RegistryModelError.self) { try ImageReference(parsing: text) }
        #expect(error?.remedy.hasSuffix("is \(remedy).") == true)
    }

    @Test(
        "what is no reference is refused",
        arguments: [
            "", "oci://", "oci://host", "oci://host/", "oci:///os", "oci://host//os", "https://host/os",
            "oci://ho st/os", "oci://host:0/os", "oci://host:65536/os", "oci://host:/os", "oci://host:5x/os",
            "oci://-host/os", "oci://host-/os", "oci://a..b/os", "oci://host/OS", "oci://host/-os", "oci://host/os-",
            "oci://host/a..b", "oci://host/a___b", "oci://host/a_.b", "oci://host/../os", "oci://host/os:",
            "oci://host/os:.a", "oci://host/os:-a", "oci://host/os:a b", "oci://host/os:a:b", "oci://host/os@sha256:ab",
            "oci://host/os@sha512:\(hex)", "oci://host/os@sha256:\(hex.uppercased())", "oci://host/os@sha256:\(hex)@",
            "oci://[::1/os", "oci://[x]/os", "oci://[]/os", "oci://user@host/os", "oci://host/ös", "oci://host/os\u{0}",
            "oci://host/os:" + String(repeating: "a", count: 129), "oci://host/" + String(repeating: "a", count: 256),
            String(repeating: "a", count: 10_000),
        ])
    func refuses(text: String) {
        #expect(throws: RegistryModelError.self) { try ImageReference(parsing: text) }
    }

    @Test("messages show no control characters")
    func messages() {
        let error = #expect(throws: RegistryModelError.self) { try ImageReference(parsing: "oci://a\u{1B}[2J/b\n") }
        #expect(error?.description.utf8.allSatisfy { $0 >= 0x20 } == true)
    }

    @Test("mutated references are read to what reads back equal, or refused")
    func fuzz() {
        for bytes in "oci://registry.example:5000/vendor/os:1.2@sha256:\(Self.hex)".mutations(seed: 1) {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let reference = try? ImageReference(parsing: text) else { continue }
            #expect((try? ImageReference(parsing: "oci://\(reference)")) == reference, "\(text)")
        }
    }
}

@Suite("Hosts of registries")
struct RegistryHostTests {
    @Test(
        "loopback is known",
        arguments: [
            ("localhost", true), ("localhost:5000", true), ("127.0.0.1", true), ("127.255.0.9:80", true),
            ("[::1]", true),
            ("[::1]:5000", true), ("127.0.0.1.example", false), ("127.0.0", false), ("127.0.0.256", false),
            ("localhost.example", false), ("10.0.2.2", false), ("[::2]", false), ("128.0.0.1", false),
        ])
    func loopback(text: String, expected: Bool) { #expect(RegistryHost(text)?.isLoopback == expected) }

    @Test("Docker Hub answers under another name")
    func dockerHub() {
        #expect(RegistryHost("docker.io")?.endpoint.description == "registry-1.docker.io")
        #expect(RegistryHost("r.example:5000")?.endpoint.description == "r.example:5000")
    }
}
