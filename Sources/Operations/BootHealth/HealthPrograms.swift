import Faults
package import InstalledSystem
import LinuxSystem
import SystemPackage

/// Where the health checks come from; a fake stands in for it in tests.
package protocol HealthAccess: ~Copyable {
    /// Lists the health checks, in any order.
    func healthChecks() throws -> [HealthCheck]
    /// Runs one health check; that it could not be run is an outcome.
    func run(_ check: HealthCheck, environment: [String], timeout: Int) -> HealthCheckResult
}

extension Machine: HealthAccess {
    /// What a check gets besides its own variables.
    private static let searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    /// Bytes of a check's standard error that are kept.
    private static let tail = 2048

    /// Lists them; names that begin with a dot are passed over, everything else is a check and has to be executable.
    package func healthChecks() throws -> [HealthCheck] {
        try HealthCheck.directories.flatMap { directory in
            try HealthCheck.Kind.allCases.flatMap { kind in
                let place = directory.appending(kind.rawValue)
                let names = try Folders.names(of: place).filter { !$0.hasPrefix(".") }
                return names.map { HealthCheck(kind, place.appending($0)) }
            }
        }
    }

    /// Runs one; its standard output is ours.
    package func run(_ check: HealthCheck, environment: [String], timeout: Int) -> HealthCheckResult {
        do {
            guard let status = try FileStatus.of(check.path) else {
                return HealthCheckResult(check, .notRun("a symbolic link leads nowhere"))
            }
            guard status.kind == .file, !status.permissions.isDisjoint(with: Self.executable) else {
                return HealthCheckResult(check, .notRun("it is not an executable file"))
            }
            let outcome = try ChildProcess.run(
                check.path.string, environment: environment + [Self.searchPath], output: .inherit,
                errors: .tail(atMost: Self.tail), timeout: .seconds(timeout))
            let said = String(decoding: outcome.standardError, as: UTF8.self)
            return HealthCheckResult(check, outcome.succeeded ? .passed : .failed("\(outcome.termination)"), said: said)
        } catch let error as ProcessError where error.kind == .timedOut {
            return HealthCheckResult(check, .timedOut(timeout), said: error.lastWords)
        } catch {
            return HealthCheckResult(check, .notRun("\(error)"))
        }
    }

    private static let executable: FilePermissions = [.ownerExecute, .groupExecute, .otherExecute]
}

extension ProcessError {
    /// The last line that the program wrote, which the cause has in parentheses; empty when it wrote nothing.
    fileprivate var lastWords: String {
        guard let open = cause.firstIndex(of: "("), cause.hasSuffix(")") else { return "" }
        return String(cause[cause.index(after: open)...].dropLast())
    }
}
