import HTTPTransfer
import RegistryModel
import SystemPackage
import Testing

@testable import RegistryAccess

@Suite("Places that may have a repository") struct RegistryEndpointTests {
    // swift-format-ignore: NeverForceUnwrap
    private static func host(_ text: String) -> RegistryHost { RegistryHost(text)! }

    @Test("plain HTTP is for this machine without authority, and for what was configured, port and all")
    func plainHTTP() {
        var plain = RegistryConfiguration.Settings()
        plain.allowsPlainHTTP = true
        var vouchedFor = RegistryConfiguration.Settings()
        vouchedFor.certificateAuthority = "/ca.pem"
        let configuration = RegistryConfiguration(
            registries: ["10.0.2.2:5000": plain, "localhost:5000": vouchedFor])
        #expect(configuration.usesPlainHTTP(for: Self.host("127.0.0.1:5000")))
        #expect(configuration.usesPlainHTTP(for: Self.host("10.0.2.2:5000")))
        #expect(!configuration.usesPlainHTTP(for: Self.host("localhost:5000")))
        #expect(!configuration.usesPlainHTTP(for: Self.host("10.0.2.2")))
        #expect(!configuration.usesPlainHTTP(for: Self.host("r.example")))
    }

    @Test("an authority that was chosen for the operation is the only one, for every server")
    func chosenAuthority() {
        var vouchedFor = RegistryConfiguration.Settings()
        vouchedFor.certificateAuthority = "/ca.pem"
        var configuration = RegistryConfiguration(registries: ["r.example": vouchedFor])
        #expect(configuration.httpSettings.authorityFiles == ["r.example:443": "/ca.pem"])
        configuration.chosenCertificateAuthority = "/chosen.pem"
        #expect(configuration.httpSettings.authorityFile == "/chosen.pem")
        #expect(configuration.httpSettings.authorityFiles.isEmpty)
        #expect(!configuration.usesPlainHTTP(for: Self.host("localhost:5000")))
    }
}
