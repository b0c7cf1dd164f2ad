import Faults
import RegistryModel
import Testing

@Suite("A repository's place beside another one")
struct RelativeReferenceTests {
    @Test(
        "a place is found beside the channel's repository, as relative addresses of the web are",
        arguments: [
            ("channel", "./os", "os"), ("harbour/channel", "./os", "harbour/os"), ("os/channel", "../os", "os"),
            ("harbour/os/channel", "../os", "harbour/os"), ("a/b/channel", "../c/os", "a/c/os"),
            ("a/b/channel", "./c/os", "a/b/c/os"), ("a/b/channel", "../../os", "os"),
            ("channel", "./channel", "channel"),
        ])
    func found(_ channel: String, _ place: String, _ repository: String) throws {
        for registry in ["registry.example", "mirror.example:5000"] {
            let base = try ImageReference(parsing: "oci://\(registry)/\(channel):stable")
            let image = try ImageReference(relative: place, to: base)
            #expect(image.description == "\(registry)/\(repository)")
            #expect(image.relative(to: base) == place, "and back")
        }
    }

    @Test(
        "a place above the root, or that is none, is refused",
        arguments: [
            "../os", "../../os", "./", "./OS", "./os:1", "./os@sha256:0", ".//os", "os", "/os", "./a/../../../os", "..",
        ])
    func refused(_ place: String) throws {
        let base = try ImageReference(parsing: "oci://registry.example/channel:stable")
        let error = #expect(throws: RegistryModelError.self) { try ImageReference(relative: place, to: base) }
        #expect(error?.kind == .reference)
    }

    @Test("in another registry there is no such place")
    func elsewhere() throws {
        let base = try ImageReference(parsing: "oci://registry.example/channel:stable")
        #expect(try ImageReference(parsing: "oci://registry.example:5000/os").relative(to: base) == nil)
        #expect(try ImageReference(parsing: "oci://other.example/os").relative(to: base) == nil)
    }
}
