import Faults
import Foundation
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

@Suite("Which file with credentials counts") struct CredentialFilesTests {
    let folder: TestFolder
    let general: FilePath
    let later: FilePath

    init() throws {
        folder = try TestFolder()
        general = FilePath(folder.path("general"))
        later = FilePath(folder.path("later"))
        try write("general", ["r.example/vendor/os": "general", "a.example": "general"])
        try write("later", ["r.example": "later"])
    }

    /// Writes a file whose users are named after it.
    private func write(_ name: String, _ users: [String: String]) throws {
        let entries = users.map { #""\#($0.key)":{"username":"\#($0.value)","password":"p"}"# }
        try #"{"auths":{\#(entries.joined(separator: ","))}}"#.write(
            toFile: folder.path(name), atomically: false, encoding: .utf8)
    }

    /// The user whom the configuration has for a repository.
    private func user(_ reference: String, _ configuration: RegistryConfiguration) throws -> String? {
        let found = try CredentialFiles.credentials(for: try ImageReference(parsing: reference), configuration)
        guard case .basic(let user, _)? = found else { return nil }
        return user
    }

    @Test("what a command names must be there, also for a source that would not read it", arguments: [true, false])
    func namedInVain(isAuthority: Bool) throws {
        var configuration = RegistryConfiguration(authFiles: [general])
        let path = FilePath(folder.path("nothing"))
        if isAuthority { configuration.chosenCertificateAuthority = path } else { configuration.chosenAuthFile = path }
        for text in ["dir:/nonexistent", "oci://r.example/os:1"] {
            let reference = try SourceReference(parsing: text)
            let error = #expect(throws: RegistryError.self) { _ = try AnySource(opening: reference, configuration) }
            #expect(error?.subject == path.string && error?.cause == "there is no such file", "\(text)")
        }
    }

    @Test("a file that the command names must be there")
    func missing() throws {
        var configuration = RegistryConfiguration(authFiles: [general])
        configuration.chosenAuthFile = "/nonexistent"
        let error = #expect(throws: RegistryError.self) { try user("a.example/os", configuration) }
        #expect(error?.cause == "there is no such file")
    }

    @Test("the last general file that names the repository counts, not the one with the longest key")
    func last() throws {
        let configuration = RegistryConfiguration(authFiles: [general, later, "/nonexistent"])
        #expect(try user("r.example/vendor/os", configuration) == "later")
        #expect(try user("a.example/os", configuration) == "general")
        #expect(try user("b.example/os", configuration) == nil)
    }

    @Test("the chosen file counts before the registry's own, and that before the general ones")
    func chosen() throws {
        try write("own", ["r.example": "own"])
        try write("chosen", ["r.example/vendor": "chosen"])
        var settings = RegistryConfiguration.Settings()
        settings.authFile = FilePath(folder.path("own"))
        var configuration = RegistryConfiguration(registries: ["r.example": settings], authFiles: [general, later])
        #expect(try user("r.example/vendor/os", configuration) == "own")
        configuration.chosenAuthFile = FilePath(folder.path("chosen"))
        #expect(try user("r.example/vendor/os", configuration) == "chosen")
        #expect(try user("r.example/other", configuration) == "own")
        #expect(try user("a.example/os", configuration) == "general")
    }

    @Test("a file that cannot be read is an error, also when a later one has what is wanted")
    func unreadable() throws {
        try "no JSON".write(toFile: folder.path("broken"), atomically: false, encoding: .utf8)
        let configuration = RegistryConfiguration(authFiles: [FilePath(folder.path("broken")), later])
        let error = failure { _ = try user("r.example/os", configuration) }
        #expect(error?.kind == .local)
    }
}
