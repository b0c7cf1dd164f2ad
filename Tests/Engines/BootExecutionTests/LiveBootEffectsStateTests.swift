import SystemPackage
import Testing

@testable import BootExecution

@Suite("Live boot effects: state")
struct LiveBootEffectsStateTests {
    @Test(
        "two paths never share a folder of the store",
        arguments: [
            ("/", "%root"), ("/var", "var"), ("/var/lib", "var%2Flib"), ("/var%2Flib", "var%252Flib"),
            ("/var-lib", "var-lib"), ("/%root", "%25root"),
        ])
    func storeName(path: String, name: String) {
        #expect(FilePath(path).storeName == name)
    }

    @Test(
        "a machine-id is 32 digits and not all zero",
        arguments: [
            ("0123456789abcdef0123456789abcdef\n", true), ("0123456789abcdef0123456789abcdef", true), ("", false),
            ("uninitialized\n", false), ("00000000000000000000000000000000", false),
            ("0123456789ABCDEF0123456789abcdef", false),
        ])
    func machineID(text: String, isValid: Bool) {
        #expect((MachineID(Array(text.utf8)) != nil) == isValid)
    }

    @Test("a made machine-id is valid and not the same twice")
    func random() {
        let ids = (0..<10).map { _ in MachineID.random().text }
        #expect(Set(ids).count == 10)
        #expect(ids.allSatisfy { MachineID(Array($0.utf8)) != nil })
    }
}
