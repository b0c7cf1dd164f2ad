import BootPlanning
import Synchronization
import Testing

@testable import BootExecution

@Suite("Modules of filesystems")
struct FilesystemModulesTests {
    @Test("each is asked for once, whoever needs it meanwhile")
    func once() async {
        let asked = RecordedRequests()
        let modules = FilesystemModules { asked.add($0) }
        await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { modules.prepare(.vfat) } }
        }
        #expect(asked.all == ["fs-vfat", "nls_cp437", "nls_ascii"])
        modules.prepare(.iso9660)
        #expect(asked.all.last == "fs-iso9660" && asked.all.count == 4)
    }

    @Test("who waits for a filesystem goes on when all of it is there")
    func waits() async {
        let asked = RecordedRequests()
        let modules = FilesystemModules { asked.add($0) }
        await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    modules.prepare(.vfat)
                    #expect(asked.all.count == 3)
                }
            }
        }
    }
}

/// What was asked for, in this order.
final class RecordedRequests: Sendable {
    private let requests = Mutex<[String]>([])

    var all: [String] { requests.withLock(\.self) }

    func add(_ request: String) { requests.withLock { $0.append(request) } }
}
