import ArgumentParser
import RegistryModel
import SystemPackage
import Testing

@testable import BuilderCommands

@Suite("Where boatyard publishes to, and how registries are reached")
struct RegistryOptionsTests {
    @Test("destinations are tags of registries and names in layouts")
    func destinations() throws {
        let registry = try Destination("oci://r.example/vendor/os")
        #expect(registry.tag == "latest" && registry.name == "r.example/vendor/os")
        #expect(registry.pinned("sha256:x") == "oci://r.example/vendor/os@sha256:x")
        let layout = try Destination("oci:some/layout:one")
        #expect(layout.tag == "one" && layout.name == "some/layout")
        #expect(layout.pinned("sha256:x") == "oci:some/layout@sha256:x")
    }

    @Test(
        "what cannot be published to is a usage error",
        arguments: [
            "oci:layout", "dir:image", "oci-archive:a.tar:x", "/some/path", "iso:x:y",
            "oci://r.example/os@sha256:\(String(repeating: "a", count: 64))",
        ])
    func refused(text: String) {
        #expect(throws: ValidationError.self) { try Destination(text) }
    }

    @Test("credentials are looked for where docker and skopeo keep them")
    func authFiles() {
        let all = ["HOME": "/root", "XDG_RUNTIME_DIR": "/run/user/0"]
        #expect(
            RegistryOptions.authFiles { all[$0] } == [
                "/root/.docker/config.json", "/root/.config/containers/auth.json", "/run/user/0/containers/auth.json",
            ])
        let named = all.merging(["REGISTRY_AUTH_FILE": "/a.json"]) { $1 }
        #expect(RegistryOptions.authFiles { named[$0] } == ["/a.json"])
        #expect(RegistryOptions.authFiles { _ in nil } == [])
    }

    @Test("options become the configuration")
    func configuration() throws {
        let options = try RegistryOptions.parse(["--auth-file", "a", "--ca", "c", "--plain-http", "R.example:5000"])
        let configuration = options.configuration()
        #expect(
            configuration.chosenAuthFile == "a" && configuration.authFiles == []
                && configuration.certificateAuthority == "c")
        let host = try #require(RegistryHost("r.example:5000"))
        #expect(configuration.settings(for: host).allowsPlainHTTP)
    }
}
