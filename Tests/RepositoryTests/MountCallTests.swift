import Testing

@Suite("Mount call")
struct MountCallTests {
    @Test("libmount mounts in exactly one file")
    func single() throws {
        let callers = try Repository.swiftFiles("Sources").filter { file in
            file.code.contains { $0.contains("mnt_context_mount") }
        }
        #expect(callers.map(\.path).count == 1, "found in \(callers.map(\.path))")
    }
}
