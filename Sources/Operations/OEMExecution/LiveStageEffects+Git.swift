import Faults
import LinuxSystem
import OEMModel
import OEMPlanning
import Plans
import SystemPackage

// Repositories, by the git of the system.
extension LiveStageEffects {
    mutating func clone(_ git: GitDirective) throws -> StepResult<Never> {
        guard !git.branch.hasPrefix("-") else {
            throw StageError.refused("cloning \(git.path)", "'\(git.branch)' is no branch", "Name one in 'branch'.")
        }
        let folder = try PrivateFolder(in: privateFolders)
        let call = GitCall(git, folder: folder.path.string)
        for secret in call.secrets { try folder.write(Array(secret.text.utf8), to: secret.name) }
        guard root.has(FilePath(git.path).appending(".git")) else {
            let single = git.isBranchOnly ? ["--single-branch"] : []
            try run(
                "cloning", git.path, call, ["clone", "--branch", git.branch] + single + ["--", call.url, git.path])
            return changed(true)
        }
        // An address that is written otherwise now counts, and a password in the old one goes.
        try run("preparing", git.path, call, ["config", "remote.origin.url", call.url], in: git.path)
        try run("fetching", git.path, call, ["fetch", "origin", git.branch], in: git.path)
        try run("updating", git.path, call, ["reset", "--hard", "FETCH_HEAD"], in: git.path)
        return StepResult()
    }

    private func run(
        _ operation: String, _ subject: String, _ call: GitCall, _ command: [String], in repository: String? = nil
    ) throws {
        let proxies = ["https_proxy", "http_proxy", "no_proxy"].compactMap { name in
            ThisProcess.variable(name).map { "\(name)=\($0)" }
        }
        try run(
            operation, subject, "git", call.arguments(command, in: repository),
            environment: shell.environment + proxies + call.environment)
    }
}
