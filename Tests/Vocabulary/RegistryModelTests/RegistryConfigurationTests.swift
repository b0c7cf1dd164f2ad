import SystemPackage
import Testing

@testable import RegistryModel

@Suite("Configuration of registries")
struct RegistryConfigurationTests {
    // swift-format-ignore: NeverForceUnwrap
    static func host(_ text: String) -> RegistryHost { RegistryHost(text)! }

    @Test("a registry's own authority comes before the one for all")
    func authorities() {
        var settings = RegistryConfiguration.Settings()
        settings.certificateAuthority = "/a.pem"
        var configuration = RegistryConfiguration(registries: ["a.example": settings])
        #expect(configuration.settings(for: Self.host("b.example")).certificateAuthority == nil)
        configuration.certificateAuthority = "/all.pem"
        #expect(configuration.settings(for: Self.host("a.example")).certificateAuthority == "/a.pem")
        #expect(configuration.settings(for: Self.host("b.example")).certificateAuthority == "/all.pem")
    }

    @Test("an authority that somebody named for the operation comes before all others")
    func chosenAuthority() {
        var settings = RegistryConfiguration.Settings()
        settings.certificateAuthority = "/a.pem"
        var configuration = RegistryConfiguration(registries: ["a.example": settings])
        configuration.certificateAuthority = "/all.pem"
        configuration.chosenCertificateAuthority = "/chosen.pem"
        for name in ["a.example", "b.example"] {
            #expect(configuration.settings(for: Self.host(name)).certificateAuthority == "/chosen.pem")
        }
    }

    @Test(
        "mirrors put their prefix in front",
        arguments: [
            ("m.example", "m.example/vendor/os:1"), ("m.example:5000/cache", "m.example:5000/cache/vendor/os:1"),
            ("m.example/a/b", "m.example/a/b/vendor/os:1"),
        ])
    func mirrors(text: String, expected: String) throws {
        let mirror = try #require(Mirror(text))
        #expect(mirror.description == text)
        #expect(mirror.reference(to: try ImageReference(parsing: "r.example/vendor/os:1")).description == expected)
    }

    @Test(
        "what is no mirror is refused", arguments: ["", "/a", "m.example/", "m.example//a", "m.example/A", "https://m"])
    func refuses(text: String) { #expect(Mirror(text) == nil) }
}
