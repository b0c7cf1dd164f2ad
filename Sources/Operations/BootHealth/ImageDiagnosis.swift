import BootModel
import DiskContract
import GrubEnvironment
package import ImageModel
import InstalledSystem

/// Why an image does not run, as far as it is known.
package struct ImageDiagnosis: Equatable, Sendable, CustomStringConvertible {
    /// The step or health check that failed; nil when the image never got that far.
    package var step: String?
    /// Why.
    package var cause: String
    /// When, in seconds since 1970; nil when there is no record.
    package var time: Int64?

    /// Makes a diagnosis.
    package init(step: String? = nil, cause: String, time: Int64? = nil) {
        self.step = step
        self.cause = cause
        self.time = time
    }

    /// Step and cause in one line.
    package var description: String { step.map { "\($0): \(cause)" } ?? cause }
}

extension StatusFacts {
    /// The roles that GRUB tries before the one that runs, when that one was not the first choice.
    package var passedOver: [Role] {
        guard let running = parameters.role, [.fallback, .rescue].contains(parameters.reason) else { return [] }
        let first = environment.environment?.defaultRole ?? .active
        var order = [first]
        for role in [Role.active, .passive, .recovery] where role != first { order.append(role) }
        return Array(order.prefix { $0 != running })
    }

    /// The role whose row runs: the one that was started, or after a change of roles the one that has its image by now.
    package var runningRole: Role? {
        guard let started = parameters.role, let image = parameters.image, let environment = environment.environment
        else { return nil }
        let order = [started] + Role.allCases.filter { $0 != started && Store(of: $0) == Store(of: started) }
        return order.first { environment.image(of: $0) == image }
    }

    /// Whether a role has had another image or partition since this boot, so that the boot says nothing of it.
    func hasNewImage(_ role: Role) -> Bool {
        guard let image = environment.environment?.image(of: role) else { return false }
        return operations.contains { operation in
            operation.bootID == bootID && operation.image == image && Store(of: operation.role) == Store(of: role)
        }
    }

    /// Says why a role's image does not run, or why an earlier attempt of the running one failed; nil when nothing is
    /// known against it.
    ///
    /// What is wrong now comes before what happened; the newest record comes before guesses.
    package func diagnosis(of role: Role) -> ImageDiagnosis? {
        guard let environment = environment.environment else { return nil }
        let isPassedOver = passedOver.contains(role) && !hasNewImage(role)
        guard let image = environment.image(of: role) else {
            return isPassedOver ? ImageDiagnosis(cause: "no image has this role") : nil
        }
        if let fault = fault(of: role, image) { return ImageDiagnosis(cause: "GRUB passes over it: \(fault)") }
        let recorded = recordedFailure(of: role)
        if let recorded, recorded.step != nil { return recorded }
        let faults = (stored(role)?.otherFaults ?? []) + [damagedRoots[image]].compactMap(\.self)
        if !faults.isEmpty {
            return ImageDiagnosis(cause: "it cannot start: \(faults.joined(separator: ", "))")
        }
        if let recorded { return recorded }
        guard role != runningRole, isPassedOver || !environment.mayTry(role) else { return nil }
        return ImageDiagnosis(cause: unrecorded(role, environment))
    }

    /// What is wrong with the files that GRUB loads.
    private func fault(of role: Role, _ image: ImageID) -> String? {
        guard let stored = stored(role) else {
            return unknownPlaces.contains(Store(of: role))
                ? nil : "its directory is not on the \(Store(of: role)) partition"
        }
        return stored.bootFaults.isEmpty ? damagedBootFiles[image] : stored.bootFaults.joined(separator: ", ")
    }

    /// The newest record of another boot of this image that did not become healthy, unless a healthy one followed, or the
    /// image was put there anew.
    package func recordedFailure(of role: Role) -> ImageDiagnosis? {
        guard let image = environment.environment?.image(of: role) else { return nil }
        let isFull = environment.environment?.tries(of: role) == BootEnvironment.maximumTries
        // Copies of one image on both partitions are two: what befell one says nothing of the other.
        let place = Store(of: role)
        let newest = history.first { record in
            switch record {
            case .boot(let boot):
                boot.image == image && boot.bootID != bootID && boot.role.map { Store(of: $0) == place } ?? true
            case .operation(let operation):
                operation.placesImage && operation.image == image && Store(of: operation.role) == place
            }
        }
        let record = newest?.boot
        guard let record, record.outcome != .healthy else { return nil }
        if record.outcome == .booted {
            // Somebody switched the machine off before it was healthy; the counter says whether that matters.
            guard !isFull || environment.environment?.state(of: role) == .bad else { return nil }
            let cause = "it entered the system and was never declared healthy: a hang, a crash, or the power was cut"
            return ImageDiagnosis(cause: cause, time: record.time)
        }
        return ImageDiagnosis(step: record.step, cause: record.cause ?? "no cause was recorded", time: record.time)
    }

    /// What is left when neither the files nor the history say anything.
    private func unrecorded(_ role: Role, _ environment: BootEnvironment) -> String {
        if environment.state(of: role) == .bad {
            return "it was given up, because the passive image had to run instead; no record says more"
        }
        if environment.tries(of: role) == 0 {
            return "its attempts were used up and none left a record: the kernel or the initrd does not start, "
                + "the system hangs at once, or the power was cut"
        }
        return "GRUB could not load its kernel or initrd"
    }
}
