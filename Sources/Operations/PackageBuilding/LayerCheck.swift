import BuildPlanning
import Faults
import ImageAssembly
import ImagePlanning
import LayerFolders
import PackageSpecs

/// Looks for what is wrong in a layer, without building anything.
package enum LayerCheck {
    /// What is wrong, and what is odd and changes nothing: a sentence each.
    ///
    /// A fault in one file hides no fault in another; what packages need of each other is looked at when all can be read.
    ///
    /// - Throws: `SpecError` when there is no layer, or what holds for all packages cannot be read.
    package static func findings(
        _ choice: LayerChoice, environment: [String: String]
    ) throws -> (faults: [String], notes: [String]) {
        let folder = LayerFolder(choice.folder)
        let reading = try folder.read(choice.request(environment))
        guard reading.faults.isEmpty else { return (reading.faults.map { "\($0)" }, reading.notes) }
        let specs = try reading.specs()
        var faults: [String] = []
        let lock = try folder.lock() ?? LockFile()
        let differences = lock.differences(from: specs)
        do {
            _ = try LayerGraph(specs.packages, provided: lock.packages.map(\.metadata)).schedule()
        } catch {
            if !isOpen(error, differences) { faults.append("\(error)") }
        }
        return (faults, reading.notes + differences.map { "\($0)" })
    }

    /// Whether a layer below may have what was not found: until the lock is complete nobody knows, and its lines say so.
    private static func isOpen(_ error: any Error, _ differences: [LockDifference]) -> Bool {
        guard (error as? ClosureError)?.kind == .missing else { return false }
        return differences.contains { $0.subject == .package && $0.isStale }
    }
}

extension LayerChoice {
    /// What its files are read with.
    func request(_ environment: [String: String]) -> LayerRequest {
        var request = LayerRequest(architecture: ImageArchitecture.host, environment: environment)
        request.flavours = flavours
        request.options = settings
        return request
    }
}
