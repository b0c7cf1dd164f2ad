package import OverlayPlanning
import SystemPackage

/// Judges overlays without stacking them.
package enum OverlayCheck {
    /// Opens the overlays of a request where nobody else sees it, looks at everything in them, decides, and closes them.
    ///
    /// The caller has mounts of its own (`MountNamespace.unshare`), so that nothing is left if it is ended.
    ///
    /// - Throws: `StepFailure` when that cannot be done at all; what is wrong with overlays is in the decision.
    package static func decision(_ request: OverlayRequest) throws -> OverlayDecision {
        var thorough = request
        thorough.isThorough = true
        // What is stacked has places and names of its own.
        thorough.places.store = FilePath(request.places.store.string + "-check")
        var run = OverlayRun(thorough)
        let result = Result { try run.decide() }
        run.undo()
        return try result.get()
    }
}
