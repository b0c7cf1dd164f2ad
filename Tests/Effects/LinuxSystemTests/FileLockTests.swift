import SystemPackage
import Testing

@testable import LinuxSystem

struct FileLockTests {
    @Test func `who finds it held knows by whom, also in the moment in which it is taken`() async throws {
        let folder = try TemporaryFolder()
        for turn in 0..<300 {
            let file = folder.path.appending("\(turn)")
            let attempts = try await withThrowingTaskGroup(of: FileLock.Attempt.self) { group in
                for name in ["upgrade", "reset"] { group.addTask { try FileLock.attempt(file, holder: name) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try #require(attempts.count { $0.holder == nil } == 1, "one of two has it, and the other knows who")
            try #require(attempts.allSatisfy { $0.holder == nil || ["upgrade", "reset"].contains($0.holder) })
        }
    }

    @Test func `who comes later does not read the name of the holder before`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path.appending("lock")
        #expect(try FileLock.attempt(file, holder: "a holder with a long name").holder == nil)
        let second = try FileLock.attempt(file, holder: "another")
        #expect(try FileLock.attempt(file, holder: "a third one").holder == "another")
        withExtendedLifetime(second) {}
    }
}

extension FileLock.Attempt {
    /// Who has it, when that is somebody else; empty when nobody says.
    fileprivate var holder: String? {
        switch self {
        case .taken: nil
        case .held(let holder): holder ?? ""
        }
    }
}
