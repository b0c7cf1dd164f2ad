import Faults
import LinuxSystem
import SystemPackage
import Testing

@testable import Transactions

@Suite("A verb for the machine around a container")
struct HostRootTests {
    @Test(
        "the option before the verb names the machine, else the variable does",
        arguments: [
            (["--host", "/host", "status"], nil, "/host", ["status"]),
            (["--host=/host", "status"], "/other", "/host", ["status"]),
            (["status"], "/host", "/host", ["status"]), (["status"], nil, nil, ["status"]),
            (["status"], "", nil, ["status"]),
            (["status", "--host", "/host"], nil, nil, ["status", "--host", "/host"]),
            (["--host", "/", "status"], nil, nil, ["status"]),
            ([], "/host", "/host", []),
        ] as [([String], String?, String?, [String])])
    func taken(_ arguments: [String], _ variable: String?, _ folder: String?, _ rest: [String]) throws {
        let taken = try HostRoot.taken(from: arguments, variable: variable)
        #expect(taken.folder == folder.map { FilePath($0) })
        #expect(taken.arguments == rest)
    }

    @Test(
        "what is no path of a root is refused, so that no verb works on the wrong machine",
        arguments: [["--host"], ["--host", "status"], ["--host="], ["--host", "host", "status"]])
    func wrong(_ arguments: [String]) {
        #expect(throws: Refusal.self) { _ = try HostRoot.taken(from: arguments, variable: nil) }
    }

    @Test("what is no running machine is told what it lacks")
    func lacks() {
        #expect(HostRoot.lack(in: "/") == nil)
        #expect(HostRoot.lack(in: "/nonexistent") == .folder)
        #expect(HostRoot.lack(in: "/usr") == .processes)
    }
}
