import Foundation
import LinuxSystem
import OEMExecution
import OEMModel
import OEMPlanning
import Plans
import SystemPackage
import TestServers
import Testing

/// A repository behind a server that wants a name and a password, in git's plain form of files.
private final class GuardedRepository {
    static let user = "joe", password = "s3:cret/ü"
    let folder: FixtureRoot
    private(set) var server: ScriptedServer?

    init() throws { folder = try FixtureRoot() }

    var url: String { "http://127.0.0.1:\(server?.port ?? 0)/r.git" }

    /// Commits a text and serves the repository anew.
    func commit(_ text: String) throws {
        let work = "\(folder.path)/tree", bare = "\(folder.path)/r.git"
        let isNew = !FileManager.default.fileExists(atPath: work)
        if isNew { try Tool.run("git", ["init", "-q", "-b", "main", work]) }
        try folder.write(text, to: "/tree/file")
        let who = ["-C", work, "-c", "user.name=a", "-c", "user.email=a@b"]
        try Tool.run("git", who + ["add", "file"])
        try Tool.run("git", who + ["commit", "-q", "-m", text])
        if isNew { try Tool.run("git", ["clone", "-q", "--bare", work, bare]) }
        try Tool.run("git", ["-C", work, "push", "-q", bare, "main"])
        try Tool.run("git", ["-C", bare, "update-server-info"])
        server = try ScriptedServer(rules(bare))
    }

    private func rules(_ bare: String) throws -> [ScriptedServer.Rule] {
        let login = Data("\(Self.user):\(Self.password)".utf8).base64EncodedString()
        let allowed = ["authorization": "Basic \(login)"]
        let files = FileManager.default.enumerator(atPath: bare)?.compactMap { $0 as? String } ?? []
        return files.map { file in
            .init("/r.git/\(file)\(file == "info/refs" ? "*" : "")") {
                $0.requires = allowed
                $0.file = "\(bare)/\(file)"
            }
        } + [
            .init("/r.git/*") {
                $0.requires = allowed; $0.status = 404
            },
            .init("/r.git/*") {
                $0.status = 401; $0.headers = ["WWW-Authenticate": "Basic realm=\"x\""]
            },
        ]
    }
}

@Suite("A repository that wants to know who asks", .enabled(if: ThisProcess.isRoot))
struct GitTests {
    private static func run(_ repository: GuardedRepository, _ auth: String) throws -> StageActionReport {
        let target = "\(repository.folder.path)/clone"
        let text =
            "stages: {network: [{git: {url: '\(repository.url)', path: \(target), branch: main, auth: \(auth)}}]}"
        let root = try FixtureRoot()
        let action = try root.runHere("network", text) { $0.privateFolders = root.path.appending("private") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root.path)/private").isEmpty)
        return action
    }

    @Test("is cloned and brought up to date, and nothing of the password stays or is said")
    func password() throws {
        let repository = try GuardedRepository()
        let auth = "{username: \(GuardedRepository.user), password: '\(GuardedRepository.password)'}"
        for text in ["first", "second"] {
            try repository.commit(text)
            let action = try Self.run(repository, auth)
            #expect(action.report.outcome == .done, "\(action.report.message ?? "")")
            #expect(try repository.folder.text("/clone/file") == text)
            #expect(!"\(action)".contains("cret"))
        }
        #expect(try !repository.folder.text("/clone/.git/config").contains("s3"))
    }

    @Test("is an error with a wrong password, asks nobody, and tells neither", arguments: ["{}", "{password: wr0ng}"])
    func wrong(auth: String) throws {
        let repository = try GuardedRepository()
        try repository.commit("x")
        let action = try Self.run(repository, auth)
        #expect(action.report.message?.contains("cloning") == true)
        #expect(action.report.message?.contains("wr0ng") == false)
        #expect(!FileManager.default.fileExists(atPath: "\(repository.folder.path)/clone/.git"))
    }

    @Test("is reached by ssh with the options that are given for the keys")
    func options() throws {
        let keys = "{private_key: key, public_key: ssh-ed25519 AAAA}"
        let text = "stages: {network: [{git: {url: 'git@h:a', path: /srv/x, auth: \(keys)}}]}"
        let root = try FixtureRoot(["/oem/1.yaml": text, "/key": "key"])
        let git = try #require(OEMSources.documents(in: root.path)[0].file.steps(of: "network")[0].git)
        let call = GitCall(git, folder: root.path.string)
        let command = try #require(call.environment.last?.split(separator: "=", maxSplits: 1).last)
        let shown = try Tool.run("sh", ["-c", "\(command) -F /dev/null -G example"])
        for line in [
            "identityfile \(root.path)/key", "identitiesonly yes", "batchmode yes",
            "userknownhostsfile \(root.path)/hosts",
            "globalknownhostsfile /dev/null", "stricthostkeychecking true",
        ] { #expect(shown.split(separator: "\n").contains { $0 == line }, "\(line)") }
    }
}
