import LinuxSystem
import SystemPackage
import Testing
import TransactionPlanning

@testable import Transactions

@Suite("The search of media")
struct MediaSearchTests {
    @Test("a disk that never answers is a line, and those that answer are not waited for any longer")
    func silent() throws {
        let start = MonotonicClock.now()
        let search = MediaSearch(patience: .milliseconds(500)) { disk in
            if disk == "/dev/sdb" { _ = try? WakeSignal().wait(until: .after(.seconds(30))) }
            return [MediumReport(SeenDevice(FilePath("\(disk)1")))]
        }
        let reports = try search.reports(["/dev/sda", "/dev/sdb", "/dev/sdc"])
        #expect(MonotonicClock.now() - start < .seconds(10))
        #expect(reports.map { $0.device.path } == ["/dev/sda1", "/dev/sdb", "/dev/sdc1"])
        #expect(reports.map { (report: MediumReport) in report.problem != nil } == [false, true, false])
        #expect(reports[1].problem?.contains("did not answer within 20 seconds") == true)
    }

    @Test("all disks are looked into at the same time")
    func beside() throws {
        let start = MonotonicClock.now()
        let search = MediaSearch { disk in
            _ = try? WakeSignal().wait(until: .after(.milliseconds(500)))
            return [MediumReport(SeenDevice(disk))]
        }
        let disks = (0..<20).map { FilePath("/dev/sd\($0)") }
        #expect(try search.reports(disks).map(\.device.path) == disks)
        #expect(MonotonicClock.now() - start < .seconds(8))
    }

    @Test("what a process prints is taken, and one that fails is a line that says why")
    func process() throws {
        let folder = FilePath("/tmp")
        let failing = MediaSearch.byProcess("/bin/false")("/dev/sda")
        #expect(failing.map(\.device.path) == ["/dev/sda"] && failing.first?.problem?.contains("exit status 1") == true)
        let missing = MediaSearch.byProcess(folder.appending("no-such-program"))("/dev/sda")
        #expect(missing.first?.problem?.contains("no-such-program") == true)
        #expect(MediaSearch.byProcess("/bin/echo")("/dev/sda").isEmpty, "no document")
    }
}
