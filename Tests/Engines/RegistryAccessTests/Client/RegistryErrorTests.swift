import Faults
import HTTPTransfer
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing

@testable import RegistryAccess

@Suite("Registry errors")
struct RegistryErrorTests {
    @Test(
        "each kind has its reason",
        arguments: [
            (.unreachable, .unreachable), (.untrusted, .unreachable), (.misbehaving, .unreachable),
            (.denied, .accessDenied), (.notFound, .notFound), (.corrupted, .mismatch), (.insecure, .plainHTTP),
            (.local, .impossible),
        ] as [(RegistryFault, RefusalKind)])
    func reasons(kind: RegistryFault, reason: RefusalKind) {
        #expect(RefusalKind(RegistryError(kind, "reading", "it", cause: "no", remedy: "Wait.")) == reason)
    }

    @Test("what fails on this machine has the reason of what lies below")
    func local() {
        let below = SystemError.file("reading", "/auth.json", .noSpace)
        let error = RegistryError(.local, below)
        #expect("\(error)" == "\(below)")
        #expect(RefusalKind(error) == .space)
    }

    @Test("what another layer says is kept, and said in its words")
    func wrapping() {
        let request = HTTPError(.broken, "GET", "https://r.example/v2/", cause: "it ended", remedy: "Try again.")
        let error = RegistryError(request, "asking", "r.example/os")
        #expect(error.underlying as? HTTPError == request)
        #expect("\(error)" == "asking r.example/os: https://r.example/v2/: it ended. Try again.")
        let document = RegistryModelError(
            .document, "reading the credentials", "$.auths", cause: "no", remedy: "Write it.")
        let placed = RegistryError(.local, document, subject: "/auth.json at $.auths")
        #expect(placed.underlying as? RegistryModelError == document)
        #expect("\(placed)" == "reading the credentials /auth.json at $.auths: no. Write it.")
    }
}
