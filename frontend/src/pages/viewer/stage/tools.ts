import type MapBrowserEvent from 'ol/MapBrowserEvent'
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom'
import DragPan from 'ol/interaction/DragPan'
import type Interaction from 'ol/interaction/Interaction'
import MouseWheelZoom from 'ol/interaction/MouseWheelZoom'
import PinchZoom from 'ol/interaction/PinchZoom'
import PointerInteraction from 'ol/interaction/Pointer'

/** What dragging with the first button does. */
export type Tool = 'window' | 'pan' | 'zoom' | 'measure'

export interface ToolState {
  tool: Tool
  /** The space bar is held: dragging pans. */
  isSpaceHeld: boolean
  /** The wheel steps through slices; with Ctrl it zooms. */
  wheelSteps: boolean
  /** All of the picture is seen: a finger swipes instead of panning. */
  isFitted: boolean
}

type Moved = (right: number, down: number) => void

/** Interactions of the stage; they ask for the state of the tools at each event. */
export function interactionsFor(state: ToolState, windowed: Moved): Interaction[] {
  return [
    new DragPan({ condition: (event) => pans(event, state) }),
    new PinchZoom({ duration: 0 }),
    new MouseWheelZoom({
      duration: 120,
      condition: ({ originalEvent }) =>
        !state.wheelSteps || (originalEvent as WheelEvent).ctrlKey || (originalEvent as WheelEvent).metaKey,
    }),
    new DoubleClickZoomUnless(state),
    new Dragging((event) => isFirst(event) && !state.isSpaceHeld && state.tool === 'window', windowed),
    new ZoomDragging(state),
  ]
}

function pointerOf({ originalEvent }: MapBrowserEvent): PointerEvent {
  return originalEvent as PointerEvent
}

function isTouch(event: MapBrowserEvent): boolean {
  return pointerOf(event).pointerType === 'touch'
}

function isFirst(event: MapBrowserEvent): boolean {
  const pointer = pointerOf(event)
  return pointer.button === 0 && !pointer.ctrlKey && (event.activePointers?.length ?? 1) === 1
}

function pans(event: MapBrowserEvent, { tool, isSpaceHeld, isFitted }: ToolState): boolean {
  const pointer = pointerOf(event)
  if (isTouch(event)) return (event.activePointers?.length ?? 1) > 1 || (tool === 'pan' && !isFitted)
  return pointer.button === 1 || (pointer.button === 0 && (isSpaceHeld || pointer.ctrlKey || tool === 'pan'))
}

class DoubleClickZoomUnless extends DoubleClickZoom {
  constructor(private readonly state: ToolState) {
    super({ duration: 120 })
  }

  override handleEvent(event: MapBrowserEvent): boolean {
    return this.state.tool === 'measure' ? true : super.handleEvent(event)
  }
}

/** Tells how far a pointer moved; a second finger ends it. */
class Dragging extends PointerInteraction {
  private last: readonly [number, number] = [0, 0]

  constructor(
    private readonly begins: (event: MapBrowserEvent) => boolean,
    private readonly moved: Moved,
  ) {
    super()
  }

  /** Pinching has to see the first finger, too. */
  override stopDown(): boolean {
    return false
  }

  protected override handleDownEvent(event: MapBrowserEvent): boolean {
    if (!this.begins(event)) return false
    const { clientX, clientY } = pointerOf(event)
    this.last = [clientX, clientY]
    return true
  }

  protected override handleDragEvent(event: MapBrowserEvent): void {
    if (this.getPointerCount() > 1) return
    const { clientX, clientY } = pointerOf(event)
    this.moved(clientX - this.last[0], clientY - this.last[1])
    this.last = [clientX, clientY]
  }
}

class ZoomDragging extends Dragging {
  constructor(state: ToolState) {
    super(
      (event) => isFirst(event) && !state.isSpaceHeld && state.tool === 'zoom',
      (right, down) => {
        const view = this.getMap()?.getView()
        view?.adjustResolution(2 ** ((down - right) / 120))
      },
    )
  }
}
