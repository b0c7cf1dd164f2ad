import Foundation
import SystemPackage
import Testing

@testable import Transactions

@Suite("How strict the hooks of a reset and an installation are")
struct HookStrictnessTests {
    @Test(
        "the configuration can make them lenient, a broken one or none cannot, --no-strict always does",
        arguments: [
            (nil, true), ("hooks: {strict: true}\n", true), ("hooks: {strict: false}\n", false), ("hooks: [\n", true),
        ] as [(String?, Bool)])
    func strictness(text: String?, expected: Bool) {
        let path = "/tmp/lifeboot-hooks-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        if let text { #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8))) }
        #expect(HookRunner.areStrict(true, by: [FilePath(path)]) == expected)
        #expect(!HookRunner.areStrict(false, by: [FilePath(path)]))
    }
}
