import BootModel
import DataSources
import OEMModel
import OEMPlanning
import Plans
import SystemPackage
import TestServers
import Testing

@testable import OEMExecution

@Suite("Files that the kernel's command line names")
struct SetupFilesTests {
    private static let text = "#cloud-config\nwrite_files: [{path: /etc/from-setup, content: x}]\n"

    private func files(_ values: String...) -> SetupFiles { SetupFiles(values.map { SetupSource($0) }) }

    @Test("come after those of the machine and before those of data sources, each once")
    func order() throws {
        let root = try FixtureRoot([
            "/oem/1.yaml": "", "/srv/a/2.yaml": "", "/srv/b": "", "/run/lifeboot/datasource/001.yaml": "",
            "/usr/local/cloud-config/0.yaml": "",
        ])
        let setup = files("/srv/b", "/srv/a", "/oem/1.yaml", "/nowhere")
        let documents = OEMSources.documents(in: root.path, setup: setup)
        #expect(
            documents.map(\.path.string) == [
                "/oem/1.yaml", "/usr/local/cloud-config/0.yaml", "/srv/b", "/srv/a/2.yaml",
                "/run/lifeboot/datasource/001.yaml",
            ])
        #expect(documents.map(\.source) == [.oem, .persistent, .commandLine, .commandLine, .instance])
    }

    @Test("count in a sealed system only with a signature")
    func sealed() throws {
        let root = try FixtureRoot(["/srv/a.yaml": "", "/usr/lib/lifeboot/sealed": ""])
        #expect(OEMSources.documents(in: root.path, setup: files("/srv/a.yaml")).map(\.file.worst) == [.file])
    }

    @Test("of another root than that of the running system are none")
    func otherRoot() throws {
        let root = try FixtureRoot()
        #expect(SetupFiles(ofThisMachineFor: root.path).files(in: root.path).isEmpty)
    }

    @Test("that are not there, or mean nothing, are told, without the value, which may hold a secret")
    func problems() throws {
        let root = try FixtureRoot(["/srv/a.yaml": ""])
        let problems = files("/srv/a.yaml", "/srv/b.yaml", "ftp://u:secret@h").problems(in: root.path)
        #expect(problems.count == 2 && problems[0] == "lifeboot.setup: /srv/b.yaml is not there")
        #expect(!problems[1].contains("secret"))
    }

    @Test("are fetched in stage network: then the steps of earlier stages run, and the stage itself with them")
    func fetched() throws {
        let server = try ScriptedServer([.init("/x?token=a=b") { $0.body = Self.text }])
        let root = try FixtureRoot()
        let setup = files("http://127.0.0.1:\(server.port)/x?token=a=b")
        #expect(try StageRun("boot", root: root.path, setup: setup).perform().steps.isEmpty)
        #expect(try server.requests().isEmpty, "no network yet")
        let report = try StageRun("network", root: root.path, setup: setup).perform()
        #expect(report.problems == [])
        #expect(try root.text("/etc/from-setup") == "x")
        #expect(try root.mode("/run/lifeboot/setup/0/001-user-data.yaml") == "600")
        #expect(OEMSources.documents(in: root.path, setup: setup).map(\.source) == [.commandLine])
        let again = try StageRun("network", root: root.path, setup: setup).perform()
        #expect(again.steps.isEmpty, "what is not new has had its stages")
    }

    @Test("that an address does not give are told without its query, and asked for again in a later stage")
    func failing() throws {
        let server = try ScriptedServer([
            .init("/x?token=secret") { ($0.status, $0.times) = (404, 1) },
            .init("/x?token=secret") { $0.body = Self.text },
        ])
        let root = try FixtureRoot()
        let setup = files("http://127.0.0.1:\(server.port)/x?token=secret")
        let report = try StageRun("network", root: root.path, setup: setup).perform()
        #expect(report.problems.count == 1 && report.problems.first?.hasPrefix("lifeboot.setup: ") == true)
        #expect(report.problems.first?.contains("secret") == false)
        let later = try StageRun("reconcile", root: root.path, setup: setup).perform()
        #expect(later.problems == [] && later.steps.count == 1)
        _ = try StageRun("reconcile", root: root.path, setup: setup).perform()
        #expect(try server.requests().count == 2, "what is there is not asked for again")
    }

    @Test("may not run programs, unless the policy says so", arguments: [false, true])
    func programs(isAllowed: Bool) throws {
        let root = try FixtureRoot(["/srv/a.yaml": "stages: {boot: [{commands: [\"true\"]}]}"])
        let sources = isAllowed ? Set(OEMSource.allCases) : Set(OEMSource.allCases).subtracting([.commandLine])
        let facts = StageRun("boot", root: root.path, programSources: sources, setup: files("/srv/a.yaml")).facts()
        let works = StagePlan(facts).steps.flatMap { $0.plan.steps.map(\.action.name) }
        #expect(works.count == 1 && (works != ["refuse"]) == isAllowed)
    }
}
