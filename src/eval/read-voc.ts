import { invalid } from './expect.ts';
import type { Faults } from './faults.ts';
import { fitBox } from './fit-box.ts';
import type { PixelBox, Size, TruthObject } from './truth.ts';
import { readXml, type XmlElement } from './xml.ts';

/** What one annotation of VOC says. */
export interface VocAnnotation {
  /** Of the picture, as the annotation names it; some tools leave it out. */
  readonly fileName: string | undefined;
  readonly size: Size | undefined;
  readonly objects: readonly TruthObject[];
}

/**
 * One file of a VOC's `Annotations` folder (Everingham and Winn, "The PASCAL VOC2007 Challenge Development Kit",
 * sections 3 and 8). Its pixels are counted from 1 and its boxes include their last one. An object's `part`s are
 * not objects.
 *
 * @param place - the file's name, for messages.
 * @throws ANNOTATIONS_INVALID with the place of the first thing that is not as the kit has it.
 */
export function readVoc(xml: string, place: string, faults: Faults): VocAnnotation {
  const root = readXml(xml, place);
  if (root.name !== 'annotation') throw invalid(place, 'an annotation', root.name);
  const size = readSize(child(root, 'size'), place);
  const objects = root.children
    .filter(({ name }) => name === 'object')
    .flatMap((object): TruthObject[] => {
      const label = textOf(object, 'name', place);
      const box = fitBox(readBox(object, place), size, faults, place);
      if (box === undefined) return [];
      const isDifficult = Number(child(object, 'difficult')?.text) > 0;
      return [{ label, box, area: box[2] * box[3], standing: isDifficult ? 'difficult' : 'object' }];
    });
  return { fileName: child(root, 'filename')?.text || undefined, size, objects };
}

function readSize(size: XmlElement | undefined, place: string): Size | undefined {
  if (size === undefined) return undefined;
  const [width, height] = [numberOf(size, 'width', place), numberOf(size, 'height', place)];
  return width > 0 && height > 0 ? { width, height } : undefined;
}

function readBox(object: XmlElement, place: string): PixelBox {
  const box = child(object, 'bndbox');
  if (box === undefined) throw invalid(place, 'an object with a bndbox', object.name);
  const [left, top] = [numberOf(box, 'xmin', place), numberOf(box, 'ymin', place)];
  const [right, bottom] = [numberOf(box, 'xmax', place), numberOf(box, 'ymax', place)];
  return [left - 1, top - 1, right - left + 1, bottom - top + 1];
}

function numberOf(element: XmlElement, name: string, place: string): number {
  const text = textOf(element, name, place);
  const value = Number(text);
  if (!Number.isFinite(value)) throw invalid(`${place}: ${name}`, 'a number', text);
  return value;
}

function textOf(element: XmlElement, name: string, place: string): string {
  const text = child(element, name)?.text;
  if (text === undefined || text === '') throw invalid(place, `${element.name} with ${name}`, text);
  return text;
}

function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((one) => one.name === name);
}
