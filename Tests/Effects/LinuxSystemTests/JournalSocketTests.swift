import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("The journal's socket")
struct JournalSocketTests {
    @Test("an entry that nobody takes is no failure")
    func nobody() {
        #expect(!JournalSocket.send([1], to: "/nonexistent/socket"))
        #expect(!JournalSocket.send([1], to: FilePath("/" + String(repeating: "x", count: 200))))
    }
}
