import Foundation
import Testing

/// The foundation of the documents, built twice: Debian's own programs are in its containers, dracut among them.
@Suite("Two builds of one lock", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct ReproducibleTests {
    @Test("are the same bytes on two days, with the initramfs and the accounts, and --check finds nothing")
    func twice() async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest/build-twice"
        let differences = try await HostCommand.run(script, [], within: .seconds(2_400))
        #expect(differences.isEmpty, "\(differences.prefix(4_000))")
    }
}
